#!/usr/bin/env bash
# Writes down what is public and not yet released: PublicAPI.Unshipped.txt of every package of src/. A strict build (test.sh, CI) fails where
# the code says otherwise, so that nobody changes what others use without seeing it in the diff.
#   eng/public-api.sh           after a change that was meant
#   eng/public-api.sh --ship    with a release: what is public becomes what was shipped
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
for folder in src/*/; do
    [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.Shipped.txt"
    if [ "${1:-}" = --ship ]; then
        # What was taken away stands as *REMOVED* in the one and leaves the other.
        gone="$(sed -n 's/^\*REMOVED\*//p' "$folder/PublicAPI.Unshipped.txt")"
        cat "$folder"/PublicAPI.*.txt | grep -vF -e '*REMOVED*' -e '#nullable enable' | grep -vxF -e "${gone:-#}" | sort -u > "$log" || true
        { echo '#nullable enable'; cat "$log"; } > "$folder/PublicAPI.Shipped.txt"
    fi
    echo '#nullable enable' > "$folder/PublicAPI.Unshipped.txt"
done

# Only the analyzer that knows; it names each member that stands in neither file (RS0016), and each that stands there and is gone (RS0017).
if ! dotnet msbuild eng/Packages.proj -restore -t:Build -nologo -v:quiet -p:Configuration=Debug -p:Strict=true \
    -p:EnforceCodeStyleInBuild=false -p:EnableNETAnalyzers=false -p:EnableAotAnalyzer=false -p:EnableTrimAnalyzer=false \
    -p:EnableSingleFileAnalyzer=false -p:TreatWarningsAsErrors=false > "$log"; then
    grep ': error' "$log" >&2 || cat "$log" >&2
    echo "It does not compile: the files of the public API are empty now; mend it and run this again, or take them back with git." >&2
    exit 1
fi

for folder in src/*/; do
    name="$(basename "$folder")"
    { grep -F "/$name/$name.csproj]" "$log" || true; } | sed -n "s/.*: [a-z]* RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" \
        | sort -u >> "$folder/PublicAPI.Unshipped.txt"
    { grep -F "/$name/$name.csproj]" "$log" || true; } | sed -n "s/.*: [a-z]* RS0017: Symbol '\(.*\)' is part of the declared API, but.*/*REMOVED*\1/p" \
        | sort -u | tee -a "$folder/PublicAPI.Unshipped.txt" | sed "s/^\*REMOVED\*/$name breaks its users: gone is /" >&2
    echo "$name: $(($(wc -l < "$folder/PublicAPI.Unshipped.txt") - 1)) not released, $(($(wc -l < "$folder/PublicAPI.Shipped.txt") - 1)) released"
done
