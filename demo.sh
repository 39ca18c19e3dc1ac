#!/usr/bin/env bash
# Two phones talk through a room of this library, one in G.711 and one in Opus; measures what each hears. Writes WAV files to ./demo-output.
# Needs the .NET SDK 10. Opus is libopus where it is installed, else Concentus; ATM0S_OPUS_LIB=none ./demo.sh shows the second.
set -euo pipefail
cd "$(dirname "$0")"

eng/prerequisites.sh run
dotnet build samples/Demo/Demo.csproj -c Release --nologo -v quiet
exec dotnet samples/Demo/bin/Release/net10.0/Demo.dll "$@"
