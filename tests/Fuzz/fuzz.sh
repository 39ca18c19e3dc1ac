#!/usr/bin/env bash
# Fuzzes the assemblies as they are shipped, with the coverage of AFL (SharpFuzz); without afl-fuzz by mutation alone.
#   tests/Fuzz/fuzz.sh [TARGET|all] [SECONDS]     default: all targets, two at a time, 60 s each
# What was found is kept in FUZZ_OUT (default: artifacts/fuzz); the exit code is 1 then. Put the input into tests/Fuzz/regressions/TARGET,
# where the tests play it from then on, and mend what it found.
set -uo pipefail
cd "$(dirname "$0")/../.."
wanted="${1:-all}"
seconds="${2:-60}"
out="${FUZZ_OUT:-$PWD/artifacts/fuzz}"
parallel="${FUZZ_PARALLEL:-2}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

[ -n "${FUZZ_NO_BUILD:-}" ] || dotnet build tests/Fuzz -c Release --nologo -v quiet || exit 1
rm -rf "$out"
mkdir -p "$out"
cp -r tests/Fuzz/bin/Release/net10.0 "$out/bin"
program="$out/bin/Atm0s.Sip.Fuzz.dll"
targets="$wanted"
[ "$wanted" = all ] && targets="$(dotnet "$program" list)"

instrumented=no
if command -v afl-fuzz >/dev/null && dotnet tool restore >/dev/null 2>&1; then
    instrumented=yes
    dotnet "$program" dictionary "$out/dictionary" || exit 1
    for library in Atm0s.Sip.Core Atm0s.Sip.Media Atm0s.Sip; do
        dotnet sharpfuzz "$out/bin/$library.dll" || exit 1
    done
else
    echo "No afl-fuzz, or no SharpFuzz.CommandLine: mutation without coverage."
fi

# The kernel's core pattern and frequency scaling are the machine's affair; the test cases are trusted to be quick by the time limit alone.
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1
export AFL_FORKSRV_INIT_TMOUT=120000 DOTNET_TieredPGO=0 DOTNET_gcServer=0

# One target: 0 when nothing was found.
fuzz() {
    local target="$1" folder="$out/$1" found=0
    mkdir -p "$folder"
    if [ "$instrumented" = yes ]; then
        dotnet "$program" seeds "$target" "$folder/seeds" || return 1
        # An input that takes longer than a second fails by the target's own clock; AFL's is for a process that cannot even do that.
        timeout -k 10 $((seconds + 240)) afl-fuzz -i "$folder/seeds" -o "$folder/afl" -x "$out/dictionary" -t 30000 -m none -V "$seconds" \
            -- dotnet "$program" afl "$target" >"$folder/log" 2>&1
        local stats="$folder/afl/default/fuzzer_stats"
        if [ ! -f "$stats" ] || grep -q "PROGRAM ABORT" "$folder/log"; then
            tail -n 20 "$folder/log"
            echo "$target: afl-fuzz gave up"
            return 1
        fi
        read -r executions crashes hangs edges < <(awk -F: '
            /^execs_done/ { e = $2 } /^saved_crashes/ { c = $2 } /^saved_hangs/ { h = $2 } /^edges_found/ { d = $2 }
            END { print e + 0, c + 0, h + 0, d + 0 }' "$stats")
        echo "$target: $executions executions, $edges edges, $crashes crashes, $hangs hangs"
        find "$folder/afl/default/crashes" "$folder/afl/default/hangs" -name 'id*' 2>/dev/null | while read -r input; do
            echo "  $input"
        done
        # A time-out on a busy machine is no hang: it must hang again, alone.
        for input in "$folder"/afl/default/crashes/id* "$folder"/afl/default/hangs/id*; do
            [ -e "$input" ] || continue
            timeout 20 dotnet "$program" replay "$target" "$input" >>"$folder/log" 2>&1 || { found=1; echo "$target: fails with $input"; }
        done
        [ "$executions" -gt 0 ] || found=1
    else
        (cd "$folder" && dotnet "$program" run "$target" "$seconds") || found=1
    fi
    return "$found"
}

failed=0
running=()
for target in $targets; do
    if [ "${#running[@]}" -ge "$parallel" ]; then
        wait "${running[0]}" || failed=1
        running=("${running[@]:1}")
    fi
    fuzz "$target" &
    running+=("$!")
done
for job in "${running[@]}"; do
    wait "$job" || failed=1
done
exit "$failed"
