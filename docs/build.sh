#!/usr/bin/env bash
# Makes the site of the manual, with the reference of all packages and search: artifacts/site/html. A broken link stops it.
#   docs/build.sh           makes it
#   docs/build.sh --serve   makes it and shows it at http://localhost:8080
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf artifacts/site
mkdir -p artifacts/site/lib
dotnet tool restore
for project in src/*/*.csproj; do
    name="$(basename "$project" .csproj)"
    [[ "$name" == *.Tool ]] && continue
    dotnet build "$project" -c Release --nologo -v quiet
    cp "src/$name/bin/Release/net10.0/$name.dll" "src/$name/bin/Release/net10.0/$name.xml" artifacts/site/lib/
done
dotnet docfx docs/docfx.json --warningsAsErrors "$@"
echo "The site is artifacts/site/html/index.html."
