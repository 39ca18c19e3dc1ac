#!/usr/bin/env bash
# Looks for the .NET SDK. For "tests" it also installs what a fresh Debian 12 or Ubuntu lacks: the native Opus library, the SIP phones that
# the tests talk to, the browser that looks at the dashboard and that is a phone, the linter of OpenAPI documents, the SRTP library that ours is compared
# with, the tools of Opus that read our recordings, and a linker for NativeAOT; for "fuzz" the
# fuzzer; for "benchmarks" also the servers that some of them run beside: Janus, kamailio, sipp. Where it cannot install, it says what is needed and goes on: tests of
# what is not there skip.
set -uo pipefail

what="${1:-run}"
packages=()
[ "$what" = tests ] && packages+=(libopus0 baresip-core linphone-cli sip-tester sipsak ffmpeg kamailio kamailio-tls-modules openssl chromium fonts-dejavu-core npm tshark
    libsrtp2-1 python3 opus-tools gcc libc6-dev zlib1g-dev)
[ "$what" = fuzz ] && packages+=(afl++)
[ "$what" = benchmarks ] && packages+=(libopus0 janus kamailio sip-tester)

installed() {
    case "$1" in
        libopus0) ldconfig -p 2>/dev/null | grep -q 'libopus\.so\.0' || ls /usr/lib/*/libopus.so.0 >/dev/null 2>&1 ;;
        libsrtp2-1) ldconfig -p 2>/dev/null | grep -q 'libsrtp2\.so\.1' || ls /usr/lib/*/libsrtp2.so.1 >/dev/null 2>&1 ;;
        baresip-core) command -v baresip >/dev/null ;;
        linphone-cli) command -v linphonec >/dev/null ;;
        sip-tester) command -v sipp >/dev/null ;;
        opus-tools) command -v opusinfo >/dev/null && command -v opusenc >/dev/null && command -v opusdec >/dev/null ;;
        afl++) command -v afl-fuzz >/dev/null ;;
        gcc) command -v clang >/dev/null || command -v gcc >/dev/null ;;
        libc6-dev) ls /usr/include/stdio.h >/dev/null 2>&1 ;;
        zlib1g-dev) ls /usr/include/zlib.h >/dev/null 2>&1 ;;
        kamailio-tls-modules) ls /usr/lib/*/kamailio/modules/tls.so >/dev/null 2>&1 ;;
        kamailio) [ -x /usr/sbin/kamailio ] || command -v kamailio >/dev/null ;;
        fonts-dejavu-core) [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
fi

# Redocly, in the version that eng/openapi names.
linter() {
    [ "$what" = tests ] || return 0
    local folder
    folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/openapi"
    [ -e "$folder/node_modules/.bin/redocly" ] && [ ! "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ] && return 0
    npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts >/dev/null \
        || echo "Could not install the linter of OpenAPI documents (npm ci --prefix eng/openapi): its tests are skipped." >&2
}

# SIP.js and JsSIP, in the versions that the browser tests name.
browser_phones() {
    [ "$what" = tests ] || return 0
    local folder
    folder="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/tests/Atm0s.Sip.WebPhone.Tests/Pages"
    [ -e "$folder/node_modules/.bin/esbuild" ] && [ ! "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ] && return 0
    npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts >/dev/null \
        || echo "Could not install SIP.js and JsSIP (npm ci --prefix tests/Atm0s.Sip.WebPhone.Tests/Pages): the browser tests are skipped." >&2
}

missing=()
for package in ${packages[@]+"${packages[@]}"}; do
    installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    linter
    browser_phones
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(false); fi
fi

# Others may be installing too: their lock is waited for.
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }

if command -v apt-get >/dev/null && [ "${as_root[*]:-}" != false ]; then
    echo "Installing: ${missing[*]}"
    apt update
    for package in "${missing[@]}"; do
        # The tests start proxies of their own: none shall run as a service of this machine.
        [ "$package" = kamailio ] && command -v systemctl >/dev/null && "${as_root[@]}" systemctl mask kamailio 2>/dev/null
        # sipp needs a terminal library; nothing recommended is of use here.
        apt install -y --no-install-recommends "$package" || echo "Could not install $package." >&2
    done
else
    echo "Not installed, and this script cannot install here (no apt-get, or no root):" >&2
    for package in "${missing[@]}"; do
        case "$package" in
            libopus0) echo "  the Opus library: apt install libopus0 / dnf install opus / brew install opus. Without it its tests are skipped." >&2 ;;
            afl++) echo "  afl++ (Debian's name). Without it inputs are mutated without coverage." >&2 ;;
            janus) echo "  janus (Debian's name). Without it the benchmarks have no column for it." >&2 ;;
            *) echo "  $package (Debian's name). Without it its tests are skipped, and the benchmarks have no column for it." >&2 ;;
        esac
    done
fi
linter
browser_phones
exit 0
