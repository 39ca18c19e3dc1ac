# Two images, both without shell and package manager and for an unprivileged user (docs/how-to/docker.md):
#   docker build -t room-server .                             RoomServer as one native file
#   docker build -t hooks-server --target hooks-server .      the sample hook server of compose.yaml

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# The native compiler needs a linker.
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish samples/RoomServer -c Release -p:PublishAot=true -o /app

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build-hooks
WORKDIR /source
COPY . .
RUN dotnet publish samples/HooksServer -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS hooks-server
WORKDIR /app
COPY --from=build-hooks /app .
USER 1654:1654
EXPOSE 3000/tcp
ENTRYPOINT ["dotnet", "/app/HooksServer.dll"]
CMD ["--listen", "http://0.0.0.0:3000"]

# Opus is Concentus here, which is compiled in: the image has no libopus.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled AS room-server
WORKDIR /app
# The one file; what else is in the folder are symbols and documentation.
COPY --from=build /app/RoomServer .
# The user "app" of the image, by number: Kubernetes' runAsNonRoot can't look up names.
USER 1654:1654
# SIP, the control API, and the audio: two ports for each call.
EXPOSE 5060/udp 5060/tcp 8002/tcp 20000-20199/udp
# No HEALTHCHECK: there is no shell and no curl to run. Ask GET /health of the control API from outside.
ENTRYPOINT ["/app/RoomServer"]
CMD ["--listen", "udp://0.0.0.0:5060", "--listen", "tcp://0.0.0.0:5060", "--rtp-ports", "20000-20199"]
