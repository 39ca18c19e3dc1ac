#!/usr/bin/env bash
# Packs all packages: eng/pack.sh [VERSION] [FOLDER]. Without a version that of Directory.Build.props; without a folder artifacts/.
# To try them: dotnet nuget add source "$PWD/artifacts" --name atm0s-sip-local
set -euo pipefail
cd "$(dirname "$0")/.."

version="${1:-}"
folder="${2:-artifacts}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
# The name of a build before the release goes behind the dash: 1.2.3-rc.1.
dotnet msbuild eng/Packages.proj -restore -t:Pack -nologo -v:quiet -p:Configuration=Release -p:PackageOutputPath="$folder" \
    ${version:+-p:Version="$version"}
ls "$folder"/*.nupkg
