#!/usr/bin/env bash
# Runs the checks as a step of GitHub Actions: annotations in the log, the report
# as the summary, and the outputs that action.yml names. The flags come from the
# variables UPSTOX_DOCTOR_…. The exit status is the program's.
set -uo pipefail

report=$RUNNER_TEMP/upstox-doctor.json
summary=$RUNNER_TEMP/upstox-doctor.md
rm -f "$report" "$summary"
"${PROGRAM:-$RUNNER_TEMP/upstox-doctor.exe}" -o github -o "json=$report" -o "markdown=$summary"
exit_status=$?

# The value of a field of the JSON report, by the spaces before its name.
field() { [ ! -f "$report" ] || sed -n "s/^$1\"$2\": \"\(.*\)\",\{0,1\}\$/\1/p" "$report" | head -n 1; }

[ ! -f "$summary" ] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
status=$(field '  ' status)
cat >>"$GITHUB_OUTPUT" <<END
status=${status:-error}
code=$(field '    ' code)
exit-status=$exit_status
report=$report
END
exit "$exit_status"
