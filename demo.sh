#!/usr/bin/env bash
# Two phones talk through a room of this library, one in G.711 and one in Opus; measures what each hears. Writes WAV files to ./demo-output.
set -euo pipefail
cd "$(dirname "$0")"

eng/prerequisites.sh run
dotnet build samples/Demo/Demo.csproj -c Release --nologo -v quiet
exec dotnet samples/Demo/bin/Release/net10.0/Demo.dll "$@"
