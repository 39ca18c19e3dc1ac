#!/usr/bin/env bash
# Makes the site of the manual, with the reference of all packages and search: artifacts/site/html. A broken link stops it.
#   docs/build.sh           makes it
#   docs/build.sh --serve   makes it and shows it at http://localhost:8080
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf artifacts/site
dotnet tool restore
dotnet build docs/site/Reference.csproj -c Release --nologo -v quiet
dotnet docfx docs/docfx.json --warningsAsErrors "$@"
echo "The site is artifacts/site/html/index.html."
