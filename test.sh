#!/usr/bin/env bash
# Builds everything with warnings as errors and runs all tests, those with real phones too.
# Arguments go to "dotnet test", for example: ./test.sh --filter Registrar
set -uo pipefail
cd "$(dirname "$0")"

eng/prerequisites.sh tests || exit 1
dotnet build Atm0s.Sip.sln -c Release -p:Strict=true --nologo -v quiet || exit 1

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
dotnet test Atm0s.Sip.sln -c Release --no-build --nologo -m:1 "$@" </dev/null 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# Each test project ends with a line like "Passed!  - Failed:     0, Passed:   441, Skipped:    34, Total: ...".
awk -v status="$status" '
    /(Passed|Failed|Skipped)! +- Failed:/ {
        line = $0
        match(line, /Failed: +[0-9]+/);  failed  += substr(line, RSTART + 7, RLENGTH - 7)
        match(line, /Passed: +[0-9]+/);  passed  += substr(line, RSTART + 7, RLENGTH - 7)
        match(line, /Skipped: +[0-9]+/); skipped += substr(line, RSTART + 8, RLENGTH - 8)
    }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$log"
exit "$status"
