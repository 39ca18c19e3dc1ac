using System.Diagnostics;
using System.Net;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.Media.Tests.Ice;
using Atm0s.Sip.Media.Tests.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>
/// A phone of a <see cref="MediaWorld"/> whose keys come by DTLS, by ICE or without: speaks a tone in PCMA, on one port with RTCP. Its
/// handshake runs on threads, so its waits are real ones; everything else goes by the world's ticks.
/// </summary>
internal sealed class SecurePhone : IRtpLegObserver, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MediaWorld _world;
    private readonly IMediaSocket _socket;
    private readonly byte[] _buffer = new byte[2048];
    private readonly List<float> _heard = [];
    private readonly List<byte[]> _early = []; // came before our side of the handshake was through
    private SrtpSender? _protector;
    private SrtpReceiver? _opener;
    private ushort _sequence;
    private uint _timestamp;
    private int _unauthentic;

    public SecurePhone(
        MediaWorld world, IPEndPoint address, IndependentPeer peer, DtlsProvider provider, bool peerIsClient, bool ice = false)
    {
        _world = world;
        (Peer, IsClient, HasIce) = (peer, peerIsClient, ice);
        Address = address;
        Assert.That(world.Network.TryBind(address.Address, address.Port, out var socket));
        _socket = socket!;
        Leg = world.Engine.TryOpenLeg(MediaWorld.Host, this)!;
        Parameters = new RtpLegParameters
        {
            SendFormat = new RtpFormat(8, PcmaCodec.Instance),
            ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
            Remote = Address,
            SignallingAddress = address.Address,
            RtcpMux = true,
            Ice = ice ? StunCheck.Parameters : null,
            Dtls = new DtlsParameters
            {
                Identity = provider.Identity,
                Role = peerIsClient ? DtlsRole.Server : DtlsRole.Client,
                RemoteFingerprints = [peer.Fingerprint],
            },
        };
    }

    public IndependentPeer Peer { get; }

    public bool IsClient { get; }

    public bool HasIce { get; }

    public IPEndPoint Address { get; }

    public RtpLeg Leg { get; }

    public RtpLegParameters Parameters { get; set; }

    public List<string> Told { get; } = [];

    /// <summary>What came in the clear, or with keys that are not those of the handshake; all that came while there are none.</summary>
    public int Unauthentic => _unauthentic + _early.Count;

    /// <summary>RTP that came, and was authentic.</summary>
    public int Packets { get; private set; }

    /// <summary>RTCP that came, and was authentic.</summary>
    public int Reports { get; private set; }

    /// <summary>STUN that came.</summary>
    public int Responses { get; private set; }

    /// <summary>DTLS that came.</summary>
    public int Flights { get; private set; }

    public double Hz { get; set; } = 1000;

    public bool IsSpeaking { get; set; } = true;

    public WavFile Heard => new(8000, [.. _heard]);

    public bool HasKeys => _protector is not null;

    public void Start()
    {
        Assert.That(Leg.Start(Parameters, _world.Room), Is.True);
        Leg.Confirm();
        Peer.Start();
    }

    public void Update(Func<RtpLegParameters, RtpLegParameters> change)
    {
        Parameters = change(Parameters);
        Leg.Update(Parameters);
    }

    /// <summary>Ticks until both sides have keys.</summary>
    public void Connect()
    {
        RunUntil(() => HasKeys && Leg.GetStatistics().PacketsReceived > 0);
        Assert.That(HasKeys, Is.True, $"the handshake: {Peer.Failure?.Message} {string.Join(", ", Told)}; {Flights} flights came");
        Assert.That(Leg.GetStatistics().PacketsReceived, Is.Positive);
    }

    /// <summary>Ticks until something is so, or patience is over.</summary>
    public void RunUntil(Func<bool> condition)
    {
        for (var start = Stopwatch.StartNew(); !condition() && start.Elapsed < Patience;)
        {
            Tick();
            // The handshakes of both sides have threads: the world's time must not run away from them.
            if (!Peer.HasOutput)
                Peer.WaitForOutput();
        }
    }

    public void Run(double seconds)
    {
        for (var i = (int)Math.Round(seconds * 50); i > 0; i--)
            Tick();
    }

    /// <summary>Sends a check, as ICE does.</summary>
    public void Check(bool nominates = true) => Send(new StunCheck { Nominates = nominates, Priority = 500 }.ToArray());

    public void Send(byte[] datagram) => _socket.SendTo(datagram, MediaAddress.From(Leg.LocalEndPoint));

    /// <summary>Takes what has come, and does nothing with it.</summary>
    /// <returns>How many datagrams.</returns>
    public int Drop()
    {
        var dropped = 0;
        while (_socket.Receive(_buffer, out _) != MediaReceive.None)
            dropped++;
        return dropped;
    }

    /// <summary>Carries the handshake of its side to the network and back; the world does not go on.</summary>
    public void Carry()
    {
        while (Peer.TryTake(out var flight))
            Send(flight);
        Take();
    }

    public void Tick()
    {
        Carry();
        if (IsSpeaking && HasKeys)
            Say();
        _world.Run(0.02);
        Take();
    }

    public void Dispose()
    {
        Peer.Dispose();
        _protector?.Dispose();
        _opener?.Dispose();
        _socket.Dispose();
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source) => Told.Add($"latched {source}");

    void IRtpLegObserver.OnMediaTimeout() => Told.Add("timeout");

    void IRtpLegObserver.OnDtmf(DtmfEvent e) => Told.Add($"key {e.Digit}");

    void IRtpLegObserver.OnMediaFailed(MediaFailure failure) => Told.Add($"failed {failure}");

    // RFC 5764 §4.2, read anew here: client's key, server's key, client's salt, server's salt.
    private void TakeKeys()
    {
        var suite = SrtpSuite.Find((ushort)Peer.Profile)!;
        var (key, salt, all) = (suite.KeyLength, suite.SaltLength, Peer.Material!);
        var client = new SrtpKey(suite, all.AsSpan(0, key), all.AsSpan(2 * key, salt));
        var server = new SrtpKey(suite, all.AsSpan(key, key), all.AsSpan((2 * key) + salt, salt));
        (_protector, _opener) = IsClient
            ? (new SrtpSender(client), new SrtpReceiver(server))
            : (new SrtpSender(server), new SrtpReceiver(client));
        foreach (var packet in _early)
            Open(packet);
        _early.Clear();
    }

    private void Say()
    {
        var packet = new byte[200];
        RtpHeader.Write(packet, 8, false, _sequence++, _timestamp, 7);
        ALaw.Encode(Tone.Make(Hz, 8000, 160, 32767 * Math.Pow(10, -12 / 20.0), (int)_timestamp), packet.AsSpan(12));
        _timestamp += 160;
        var length = 172;
        Assert.That(_protector!.TryProtectRtp(packet, ref length), Is.True);
        Send(packet[..length]);
    }

    private void Take()
    {
        if (!HasKeys && Peer.Material is not null)
            TakeKeys();
        while (_socket.Receive(_buffer, out var datagram) != MediaReceive.None)
            Take(_buffer.AsSpan(0, datagram.Length));
    }

    private void Take(Span<byte> datagram)
    {
        if (datagram.IsEmpty)
            return;
        if (datagram[0] < 4)
        {
            Responses++;
        }
        else if (datagram[0] < 64)
        {
            Flights++;
            Peer.OnDatagram(datagram.ToArray());
            if (HasKeys)
                Peer.Pump();
        }
        else if (HasKeys)
        {
            Open(datagram);
        }
        else
        {
            _early.Add(datagram.ToArray());
        }
    }

    private void Open(Span<byte> packet)
    {
        var isRtcp = packet[1] is >= 192 and <= 223;
        var length = 0;
        var isRight = (isRtcp ? _opener!.UnprotectRtcp(packet, out length) : _opener!.UnprotectRtp(packet, out length))
            == SrtpVerdict.Accepted;
        if (!isRight)
            _unauthentic++;
        else if (isRtcp)
            Reports++;
        else
            Hear(packet[12..length]);
    }

    private void Hear(ReadOnlySpan<byte> audio)
    {
        Packets++;
        foreach (var code in audio)
            _heard.Add(ALaw.Decode(code) / 32768f);
    }
}
