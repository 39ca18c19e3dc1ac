using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.MediaQuality.Streams;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>Janus with its AudioBridge and participants of plain RTP (Debian's package janus), commanded over its HTTP interface.</summary>
internal sealed class JanusBridge : IBridge
{
    private static readonly string Folder =
        $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/janus";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };
    private readonly ServerProcess _process;
    private readonly string _configuration;
    private readonly string _url;
    private readonly Dictionary<int, bool> _rooms = [];
    private long _session;
    private long _control;

    private JanusBridge(ServerProcess process, string configuration, string url) =>
        (_process, _configuration, _url) = (process, configuration, url);

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => File.Exists("/usr/bin/janus") && Directory.Exists(Folder);

    public string Name => "Janus";

    public int ProcessId => _process.Id;

    /// <summary>Starts it, with nothing but the AudioBridge and the HTTP interface, on loopback alone.</summary>
    /// <param name="core">The only processor it may run on; null is any.</param>
    public static async Task<JanusBridge> StartAsync(int? core)
    {
        var folder = Directory.CreateTempSubdirectory("janus-").FullName;
        var (http, rtp) = (FreePort.Take(), 32_000 + (FreePort.Take() % 5_000 * 2));
        var (others, transports) = (AllBut("plugins", "audiobridge"), AllBut("transports", "http"));
        await File.WriteAllTextAsync(Path.Combine(folder, "janus.jcfg"), $$"""
            general: {
              configs_folder = "{{folder}}"
              plugins_folder = "{{Folder}}/plugins"
              transports_folder = "{{Folder}}/transports"
              events_folder = "{{Folder}}/events"
              loggers_folder = "{{Folder}}/loggers"
              interface = "127.0.0.1"
              debug_level = 2
              session_timeout = 0
              server_name = "benchmark"
            }
            nat: { ice_enforce_list = "127.0.0.1" }
            plugins: { disable = "{{others}}" }
            transports: { disable = "{{transports}}" }
            events: { broadcast = false }
            """);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "janus.plugin.audiobridge.jcfg"),
            $$"""general: { events = false rtp_port_range = "{{rtp}}-{{rtp + 4000}}" local_ip = "127.0.0.1" }""");
        await File.WriteAllTextAsync(Path.Combine(folder, "janus.transport.http.jcfg"), $$"""
            general: { json = "compact" base_path = "/janus" http = true port = {{http}} ip = "127.0.0.1" https = false }
            admin: { admin_http = false admin_https = false }
            """);
        var bridge = new JanusBridge(ServerProcess.Start(core, "/usr/bin/janus", "-F", folder), folder, $"http://127.0.0.1:{http}/janus");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await bridge._http.GetStringAsync(new Uri(bridge._url + "/info"));
                break;
            }
            catch (HttpRequestException) when (tries < 200)
            {
                await Task.Delay(100); // until it listens
            }
        }

        await bridge.OpenAsync();
        return bridge;
    }

    public bool Speaks(IAudioCodec codec) => codec.Name is "PCMA" or "PCMU" or "opus";

    public async Task<IPEndPoint> JoinAsync(int room, int rate, IAudioCodec codec, IPEndPoint phone)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(phone);
        if (_rooms.TryAdd(room, true))
        {
            await MessageAsync(_control, new
            {
                request = "create", room, permanent = false, sampling_rate = rate, allow_rtp_participants = true, audiolevel_ext = false,
                record = false,
            });
        }

        var handle = await AttachAsync();
        await MessageAsync(handle, new
        {
            request = "join", room, display = $"{phone.Port}", codec = codec.Name.ToLowerInvariant(), bitrate = 24_000,
            rtp = new { ip = $"{phone.Address}", port = phone.Port, payload_type = (int)Codecs.PayloadType(codec) },
        });
        while (true)
        {
            using var events = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"{_url}/{_session}?maxev=1")));
            var root = events.RootElement;
            if (!root.TryGetProperty("sender", out var sender) || sender.GetInt64() != handle)
                continue;
            if (!root.TryGetProperty("plugindata", out var plugin))
                continue;
            var data = plugin.GetProperty("data");
            if (data.TryGetProperty("error", out var error))
                throw new InvalidOperationException($"Janus: {error}");
            if (data.TryGetProperty("rtp", out var rtp))
                return new IPEndPoint(IPAddress.Loopback, rtp.GetProperty("port").GetInt32());
        }
    }

    public async Task ClearAsync()
    {
        foreach (var room in _rooms.Keys)
            await MessageAsync(_control, new { request = "destroy", room });
        _rooms.Clear();
        await PostAsync($"/{_session}", new { janus = "destroy", transaction = "t" });
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_configuration, recursive: true);
    }

    private static string AllBut(string folder, string kept) => string.Join(',', Directory.GetFiles(Path.Combine(Folder, folder), "*.so")
        .Select(Path.GetFileName)
        .Where(name => !name!.Contains(kept, StringComparison.Ordinal)));

    private async Task OpenAsync()
    {
        _session = (await PostAsync("", new { janus = "create", transaction = "t" })).GetProperty("data").GetProperty("id").GetInt64();
        _control = await AttachAsync();
    }

    private async Task<long> AttachAsync() =>
        (await PostAsync($"/{_session}", new { janus = "attach", plugin = "janus.plugin.audiobridge", transaction = "t" }))
            .GetProperty("data").GetProperty("id").GetInt64();

    private Task<JsonElement> MessageAsync(long handle, object body) =>
        PostAsync($"/{_session}/{handle}", new { janus = "message", transaction = "t", body });

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(_url + path, body);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("janus").GetString() is "error"
            ? throw new InvalidOperationException($"Janus: {document.RootElement}")
            : document.RootElement.Clone();
    }
}
