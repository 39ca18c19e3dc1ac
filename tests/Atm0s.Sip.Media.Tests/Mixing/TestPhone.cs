using System.Net;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A phone of a <see cref="MediaWorld"/>: speaks a tone in PCMA, and keeps whatever comes.</summary>
internal sealed class TestPhone : IRtpLegObserver, IDisposable
{
    private readonly MediaWorld _world;
    private IMediaSocket _rtp;
    private IMediaSocket _rtcp;
    private readonly byte[] _buffer = new byte[2048];
    private readonly Dictionary<SrtpKey, SrtpSender> _protectors = [];
    private readonly Dictionary<SrtpKey, SrtpReceiver> _openers = [];
    private SrtpSender? _protector;
    private SrtpReceiver? _opener;

    public TestPhone(MediaWorld world, IPAddress address, int port = 4000)
    {
        _world = world;
        Address = new IPEndPoint(address, port);
        Assert.That(world.Network.TryBind(address, port, out var rtp) & world.Network.TryBind(address, port + 1, out var rtcp));
        (_rtp, _rtcp) = (rtp!, rtcp!);
        Leg = world.Engine.TryOpenLeg(MediaWorld.Host, this)!;
        Parameters = new RtpLegParameters
        {
            SendFormat = new RtpFormat(8, PcmaCodec.Instance),
            ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
            Remote = Address,
            SignallingAddress = address,
        };
    }

    public IPEndPoint Address { get; }

    public RtpLeg Leg { get; }

    public RtpLegParameters Parameters { get; private set; }

    /// <summary>What the observer was told, in order.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What it was told of talking, in order.</summary>
    public List<string> Talks { get; } = new(64);

    /// <summary>Datagrams that came to the RTP port, as they came.</summary>
    public List<byte[]> Rtp { get; } = [];

    /// <summary>Datagrams that came to the RTCP port.</summary>
    public List<byte[]> Rtcp { get; } = [];

    /// <summary>Datagrams that came although they are not authentic.</summary>
    public int Unauthentic { get; private set; }

    public bool IsSpeaking { get; set; }

    public double Hz { get; set; } = 400;

    public double Decibels { get; set; } = -12;

    /// <summary>Whether it speaks PCMU instead.</summary>
    public bool IsMuLaw { get; set; }

    public ushort Sequence { get; set; }

    public uint Timestamp { get; set; }

    public uint Ssrc { get; set; } = 7;

    /// <summary>The audio packets that came, decoded.</summary>
    public WavFile Heard =>
        new(8000,
        [.. Rtp.Where(p => p.Length > 12 && (p[1] & 0x7F) == 8).SelectMany(p => p.Skip(12)).Select(code => ALaw.Decode(code) / 32768f)]);

    public void Start(Func<RtpLegParameters, RtpLegParameters>? change, MixRoom? room = null)
    {
        Parameters = change?.Invoke(Parameters) ?? Parameters;
        Assert.That(Leg.Start(Parameters, room ?? _world.Room), Is.True);
        Leg.Confirm();
    }

    public void Update(Func<RtpLegParameters, RtpLegParameters> change)
    {
        Parameters = change(Parameters);
        Leg.Update(Parameters);
    }

    public void BeforeTick()
    {
        if (IsSpeaking)
            Say();
    }

    public void AfterTick()
    {
        Take(_rtp, Rtp);
        Take(_rtcp, Rtcp);
    }

    /// <summary>Sends from another port from now on, and hears there only.</summary>
    public void Move(int port)
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        Assert.That(_world.Network.TryBind(Address.Address, port, out var rtp) & _world.Network.TryBind(Address.Address, port + 1, out var rtcp));
        (_rtp, _rtcp) = (rtp!, rtcp!);
    }

    /// <summary>Sends 20 ms of the tone.</summary>
    public void Say()
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, (byte)(IsMuLaw ? 0 : 8), false, Sequence++, Timestamp, Ssrc);
        var tone = Tone.Make(Hz, 8000, 160, 32767 * Math.Pow(10, Decibels / 20.0), (int)Timestamp);
        if (IsMuLaw)
            MuLaw.Encode(tone, packet.AsSpan(12));
        else
            ALaw.Encode(tone, packet.AsSpan(12));
        Timestamp += 160;
        Send(packet);
    }

    /// <summary>Says 20 ms that never arrive.</summary>
    public void Lose() => (Sequence, Timestamp) = ((ushort)(Sequence + 1), Timestamp + 160);

    /// <summary>Protects what it sends from now on, and opens what comes. With keys that it had before it goes on where it was.</summary>
    /// <param name="keys">As the leg has them.</param>
    public void Secure(SrtpKeys keys)
    {
        if (!_protectors.TryGetValue(keys.Receive, out _protector))
            _protectors.Add(keys.Receive, _protector = new SrtpSender(keys.Receive));
        if (!_openers.TryGetValue(keys.Send, out _opener))
            _openers.Add(keys.Send, _opener = new SrtpReceiver(keys.Send));
    }

    public void Send(byte[] datagram) => SendRaw(Protect(datagram, isRtcp: datagram.Length > 1 && datagram[1] is >= 192 and <= 223));

    /// <summary>Sends a datagram as it is.</summary>
    public void SendRaw(byte[] datagram) => _rtp.SendTo(datagram, MediaAddress.From(Leg.LocalEndPoint));

    /// <summary>Sends a datagram to any leg, as it is.</summary>
    public void SendRawTo(RtpLeg leg, byte[] datagram) => _rtp.SendTo(datagram, MediaAddress.From(leg.LocalEndPoint));

    public void SendRtcp(byte[] datagram) =>
        _rtcp.SendTo(
            Protect(datagram, isRtcp: true),
            MediaAddress.From(new IPEndPoint(Leg.LocalEndPoint.Address, Leg.LocalEndPoint.Port + 1)));

    public byte[] Protect(byte[] datagram, bool isRtcp)
    {
        if (_protector is null)
            return datagram;
        var (buffer, length) = (new byte[2048], datagram.Length);
        datagram.CopyTo(buffer, 0);
        var isDone = isRtcp ? _protector.TryProtectRtcp(buffer, ref length) : _protector.TryProtectRtp(buffer, ref length);
        return isDone ? buffer[..length] : datagram;
    }

    public void Dispose()
    {
        foreach (var protector in _protectors.Values)
            protector.Dispose();
        foreach (var opener in _openers.Values)
            opener.Dispose();
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source) => Told.Add($"latched {source}");

    void IRtpLegObserver.OnMediaTimeout() => Told.Add("timeout");

    void IRtpLegObserver.OnDtmf(DtmfEvent e) => Told.Add($"key {e.Digit}");

    void IRtpLegObserver.OnTalking(bool talks) => Talks.Add(talks ? "talks" : "silent");

    void IRtpLegObserver.OnFailed() => Told.Add("failed");

    private void Take(IMediaSocket socket, List<byte[]> to)
    {
        while (socket.Receive(_buffer, out var datagram) != MediaReceive.None)
            Take(_buffer.AsSpan(0, datagram.Length), to);
    }

    private void Take(Span<byte> packet, List<byte[]> to)
    {
        if (_opener is not null && packet.Length > 1)
        {
            var isRtcp = packet[1] is >= 192 and <= 223;
            var verdict = isRtcp ? _opener.UnprotectRtcp(packet, out var length) : _opener.UnprotectRtp(packet, out length);
            if (verdict != SrtpVerdict.Accepted)
            {
                Unauthentic++;
                return;
            }

            packet = packet[..length];
        }

        to.Add(packet.ToArray());
    }
}
