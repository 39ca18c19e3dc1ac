using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>samples/RoomServer, called by SIP.</summary>
internal sealed class RoomServerBridge : IBridge
{
    private readonly ServerProcess _process;
    private readonly IPEndPoint _sip;
    private readonly List<UdpPhone> _phones = [];

    private readonly SrtpSuite? _suite;
    private readonly List<SrtpKeys> _keys = [];

    private RoomServerBridge(ServerProcess process, IPEndPoint sip, SrtpSuite? suite) => (_process, _sip, _suite) = (process, sip, suite);

    public string Name => _suite is null ? "RoomServer" : $"RoomServer, {_suite}";

    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="core">The only processor it may run on; null is any.</param>
    /// <param name="suite">Suite of SRTP that its phones speak; null or empty for plain RTP.</param>
    /// <param name="speakers">How many are heard at a time, 0 for all; null for the default.</param>
    public static async Task<RoomServerBridge> StartAsync(int? core, string? suite = null, int? speakers = null)
    {
        var found = string.IsNullOrEmpty(suite) ? null
            : SrtpSuite.Find(suite) ?? throw new ArgumentException($"{suite} is none of {string.Join(", ", SrtpSuite.All)}.", nameof(suite));
        var dll = typeof(RoomServerBridge).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(data => data.Key == "RoomServer").Value!;
        var sip = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
        var rtp = 20_000 + (FreePort.Take() % 5_000 * 2);
        // The children have it from here.
        Environment.SetEnvironmentVariable("Sip__Media__AllowKeysOverPlainSignalling", "true");
        Environment.SetEnvironmentVariable("Sip__Media__MaxSpeakers", speakers?.ToString(CultureInfo.InvariantCulture));
        var process = ServerProcess.Start(core, "dotnet",
            dll, "--listen", $"udp://{sip}", "--open-rooms", "room-", "--trust", "127.0.0.0/8", "--media-timeout", "0",
            "--rtp-ports", string.Create(CultureInfo.InvariantCulture, $"{rtp}-{rtp + 1999}"));
        await process.WaitForAsync(line => line.Contains(" ready ", StringComparison.Ordinal));
        return new RoomServerBridge(process, sip, found);
    }

    public bool Speaks(IAudioCodec codec) => true;

    public async Task<IPEndPoint> JoinAsync(int room, int rate, IAudioCodec codec, IPEndPoint phone)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var type = Codecs.PayloadType(codec);
        var caller = new UdpPhone($"phone{_phones.Count}", _sip);
        _phones.Add(caller);
        var map = $"rtpmap:{type} {codec.Name}/{codec.ClockRate}{(codec.Channels > 1 ? "/2" : "")}";
        var line = _suite is null ? null : new CryptoAttribute(
            1, _suite.Name, RandomNumberGenerator.GetBytes(_suite.KeyLength + _suite.SaltLength));
        string[] attributes = line is null ? [map, "ptime:20"] : [map, "ptime:20", $"crypto:{line.ToValue()}"];
        var answer = await caller.InviteAsync($"room-{room}", UdpPhone.Sdp(phone, $"{type}", attributes));
        if (answer.Status != 200)
            throw new InvalidOperationException($"RoomServer answered {answer.StartLine}");
        if (line is not null)
            _keys.Add(new SrtpKeys(KeyOf(TheirLine(answer)), KeyOf(line)));
        return UdpPhone.AudioOf(answer);
    }

    public SrtpKeys? KeysOf(int phone) => _suite is null ? null : _keys[phone];

    public async Task ClearAsync()
    {
        foreach (var phone in _phones)
        {
            if (!phone.HasEnded)
                await phone.ByeAsync();
            await phone.DisposeAsync();
        }

        _phones.Clear();
        _keys.Clear();
    }

    private static CryptoAttribute TheirLine(SipText answer)
    {
        const string Name = "a=crypto:";
        var line = answer.Body.Split("\r\n").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        return CryptoAttribute.TryParse(line.AsSpan(Name.Length), out var found)
            ? found
            : throw new InvalidOperationException("RoomServer answered with a line that can't be read.");
    }

    private SrtpKey KeyOf(CryptoAttribute line) =>
        new(_suite!, line.KeyAndSalt[.._suite!.KeyLength], line.KeyAndSalt[_suite.KeyLength..]);

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        await _process.DisposeAsync();
    }
}
