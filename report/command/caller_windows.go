package command

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"

	"upstox-doctor/checks/catalog"
)

// parentShell is the shell that started this program, or "" for another program.
func parentShell() catalog.Shell {
	if os.Getenv("MSYSTEM") != "" { // Git Bash, whose parent process can be another
		return catalog.POSIX
	}
	return shellNamed(parentProgram())
}

// parentProgram is the file name of the program that started this one, or "".
func parentProgram() string {
	all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(all)
	p := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(all, &p); err == nil; err = windows.Process32Next(all, &p) {
		if p.ProcessID == uint32(os.Getppid()) {
			return windows.UTF16ToString(p.ExeFile[:])
		}
	}
	return ""
}
