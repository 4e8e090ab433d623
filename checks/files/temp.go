package files

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// TempDirs lists where this machine may have room for temporary files, the usual
// directory first. A container may have no /tmp and still memory to share.
func TempDirs() []string {
	dirs := []string{os.TempDir()}
	if runtime.GOOS == "linux" {
		dirs = append(dirs, "/dev/shm")
	}
	if runtime.GOOS != "windows" {
		dirs = append(dirs, "/var/tmp")
	}
	return dirs
}

// MkdirTemp makes a directory of this user alone in the first of TempDirs that
// takes one, else in the working directory.
func MkdirTemp(pattern string) (string, error) {
	dirs := TempDirs()
	if here, err := os.Getwd(); err == nil {
		dirs = append(dirs, here)
	}
	return mkdirTemp(pattern, dirs)
}

func mkdirTemp(pattern string, dirs []string) (string, error) {
	for _, dir := range dirs {
		if made, err := os.MkdirTemp(dir, pattern); err == nil {
			return made, nil
		}
	}
	return "", fmt.Errorf("make a temporary directory: none of %s takes one", strings.Join(slices.Compact(dirs), ", "))
}
