using System.Net;
using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>The way between a leg and its peer: which socket, which address, connected or not. Media thread only.</summary>
internal sealed class LegTransport(LegPorts ports, LegGuard guard, MediaCounters counters)
{
    /// <summary>
    /// Datagrams that go to an address which only an SDP has named: before the call is confirmed or a packet came from there, whoever
    /// offers could name a victim's.
    /// </summary>
    public const int MaxUnasked = 5;

    private const int MaxDatagram = 2048;

    private static readonly TimeSpan RtcpSilence = TimeSpan.FromSeconds(30); // six times the interval of RFC 3550 §6.2

    private LatchPolicy _latch = new(default);
    private MediaAddress _remote;
    private MediaAddress _remoteRtcp;
    private MediaAddress _rtcpSource;
    private TimeSpan _lastRtcp;
    private bool _connected;
    private bool _isUsable; // the destination
    private int _unasked;
    private MediaAddress _signalling;
    private MediaAddress _heard; // with ICE
    private bool _isMuxed;       // RFC 5761
    private IceAgent? _ice;      // finds the path

    /// <summary>Counters of the room it is in.</summary>
    public MediaCounters Counters { get; set; } = counters;

    public MediaAddress Source => _ice is null ? _latch.Source : _ice.Selected;

    /// <summary>ICE and DTLS of the port for RTP; null for a plain leg.</summary>
    public LegLink? Link { get; private set; }

    /// <summary>The same of the port for RTCP, when that is another.</summary>
    public LegLink? RtcpLink { get; private set; }

    /// <summary>Goes by a plan.</summary>
    public void Follow(LegPlan plan)
    {
        Link = Follow(Link, plan.Link, ports.Rtp, plan);
        RtcpLink = Follow(RtcpLink, plan.RtcpLink, ports.Rtcp, plan);
        _ice = Link?.Ice;
        if (_ice is not null)
            Disconnect();
        SetRemote(plan.Parameters);
    }

    // Another address for RTP starts latching anew.
    private void SetRemote(RtpLegParameters parameters)
    {
        _signalling = parameters.SignallingAddress is { } signalling ? MediaAddress.From(new IPEndPoint(signalling, 1)) : default;
        var address = MediaAddress.From(parameters.Remote);
        _remoteRtcp = parameters.RtcpMux ? address
            : parameters.RemoteRtcp is { } rtcp ? MediaAddress.From(rtcp)
            : address.IsNone ? default
            : address with { Port = (ushort)(address.Port + 1) };
        _isMuxed = _remoteRtcp == address;
        if (address == _remote)
        {
            _latch.OnOffer();
        }
        else
        {
            _remote = address;
            _rtcpSource = default;
            _latch = new LatchPolicy(new LatchRule
            {
                Expected = address,
                Signalling = _signalling,
                Earlier = ports.Earlier,
            });
            _isUsable = address.IsUsable;
            Disconnect();
        }

        (_latch.IsOnHold, _latch.IsEarly) = (parameters.IsOnHold, parameters.IsEarly);
    }

    public LatchVerdict Judge(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        var verdict = _ice is null ? _latch.OnPacket(source, ssrc, sequence, now) : JudgeByIce(source, now);
        if (verdict != LatchVerdict.Refused)
            ports.Heard = new HeardStream(source, ssrc);
        return verdict;
    }

    /// <summary>After the socket was drained: connects to the source latched to, or hears everybody when another one may come.</summary>
    public void Settle(TimeSpan now)
    {
        if (_ice is not null) // checks may come from anywhere, at any time
            return;
        var open = _latch.IsOpen(now);
        if (open && _connected)
            Disconnect();
        if (open || _connected)
            return;
        ports.Rtp.Connect(_latch.Source);
        _connected = true;
    }

    /// <summary>A latch to another source: from now on that is where media goes.</summary>
    public void OnLatched()
    {
        _isUsable = _latch.Source.IsUsable;
        Disconnect();
    }

    /// <summary>Takes a datagram that is for the link of RTP's port.</summary>
    /// <returns>False when it is nobody's.</returns>
    public bool OnAside(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now) =>
        Link!.OnDatagram(datagram, source, IsNamed(source, _remote) || (!source.IsNone && source == _latch.Source), now);

    /// <summary>The same for RTCP's port.</summary>
    public bool OnRtcpAside(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now) =>
        RtcpLink!.OnDatagram(datagram, source, IsNamed(source, _remoteRtcp), now);

    /// <summary>Once a tick: handshakes go on, and keys that they have brought are used.</summary>
    /// <param name="now">Time of the tick.</param>
    /// <param name="used">Takes what is no longer needed.</param>
    public void TickLinks(TimeSpan now, LegDisposal used)
    {
        if (Link is not { } link)
            return;
        Tick(link, Destination, _connected, now);
        if (link.TakeKeys() is { } session)
            guard.Install(session);
        if (RtcpLink is { } rtcp)
        {
            Tick(rtcp, rtcp.Ice?.Selected ?? _remoteRtcp, isConnected: false, now);
            if (rtcp.TakeKeys() is { } apart)
                guard.InstallRtcp(apart);
            if (rtcp.IsOver)
                guard.ReleaseRtcp(used);
        }

        if (link.IsOver && !guard.IsLocked)
            guard.ReleaseCurrent(used);
    }

    /// <summary>
    /// Why the audio can't go on; told once. RTCP has an association of its own where it has a port (RFC 5764 §4.1): audio does without
    /// reports, but not with another peer than the description named (RFC 5763 §6.2).
    /// </summary>
    public MediaFailure? TakeFailure() =>
        Link?.TakeFailure() ?? (RtcpLink?.TakeFailure() is MediaFailure.FingerprintMismatch ? MediaFailure.FingerprintMismatch : null);

    /// <summary>Says good-bye to the peers of handshakes.</summary>
    public void ReleaseLinks(LegDisposal used)
    {
        Link?.Release(_connected, used);
        RtcpLink?.Release(isConnected: false, used);
    }

    /// <summary>Sends RTP, or a datagram of no bytes that keeps the way open.</summary>
    public bool Send(ReadOnlySpan<byte> datagram) => Send(datagram, isRtcp: false);

    /// <summary>
    /// Whether what comes from this address to the RTCP port may be RTCP for us: from the address of the SDP always, else from one port
    /// of the host that RTP comes from, until that is silent.
    /// </summary>
    public bool AcceptRtcp(MediaAddress source, TimeSpan now) =>
        RtcpLink?.Ice?.IsValid(source) ?? (source == _remoteRtcp || source == _rtcpSource
        || (source.SameHost(_latch.Destination) && (_rtcpSource.IsNone || now - _lastRtcp >= RtcpSilence)));

    /// <summary>It was RTCP: from now on it is answered there (behind a NAT the SDP's port says nothing).</summary>
    public void OnRtcp(MediaAddress source, TimeSpan now) => (_rtcpSource, _lastRtcp) = (source, now);

    /// <summary>
    /// Whether what comes to the RTP port may be RTCP for us: from the source listened to, also when that was not agreed on, and with one
    /// port for both (RFC 5761) from wherever RTCP may come.
    /// </summary>
    public bool AcceptMuxed(MediaAddress source, TimeSpan now) =>
        _ice?.IsValid(source)
        ?? ((!source.IsNone && source == _latch.Source) || (_isMuxed && AcceptRtcp(source, now)));

    [SkipLocalsInit]
    public void SendRtcp(ReadOnlySpan<byte> datagram)
    {
        if (_isMuxed)
        {
            if (!guard.IsLocked)
                Send(datagram, isRtcp: true);
            return;
        }

        var destination = RtcpLink?.Ice is { } ice ? ice.Selected
            : !_rtcpSource.IsNone ? _rtcpSource
            : _latch.Source.IsNone || _latch.Source == _remote ? _remoteRtcp
            : _latch.Source with { Port = (ushort)(_latch.Source.Port + 1) };
        if (!destination.IsUsable || !MaySend())
            return;
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        if (!TrySecure(datagram, buffer, isRtcp: true, out var secured) || !ports.Rtcp.SendTo(secured, destination))
            Counters.SendErrors++;
    }

    /// <summary>Whether nothing more may go to where nobody has answered from: what is not made is not missed by the peer.</summary>
    public bool IsHeldBack => guard.IsLocked
        || (_ice is null ? _latch.Source.IsNone && !ports.IsConfirmed && _unasked >= MaxUnasked : _ice.Selected.IsNone);

    /// <summary>Whether a tick may be left out: nothing is sent, and nothing goes on that waits for it.</summary>
    public bool MayRest => IsHeldBack && Link is not { IsBusy: true };

    private MediaAddress Destination => _ice is null ? _latch.Destination : _ice.Selected;

    // With ICE there is a destination only once the peer has asked for it.
    private bool MaySend() => !_latch.Source.IsNone || ports.IsConfirmed || _ice is not null || _unasked++ < MaxUnasked;

    [SkipLocalsInit]
    private bool Send(ReadOnlySpan<byte> datagram, bool isRtcp)
    {
        if (!(_ice is null ? _isUsable : _ice.Selected.IsUsable) || !MaySend())
            return false;
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        var sent = TrySecure(datagram, buffer, isRtcp, out var secured)
            && (_connected ? ports.Rtp.Send(secured) : ports.Rtp.SendTo(secured, Destination));
        if (!sent)
            Counters.SendErrors++;
        return sent;
    }

    private static LegLink? Follow(LegLink? link, LinkPlan? plan, IMediaSocket socket, LegPlan whole)
    {
        if (plan is null)
        {
            link?.Release(isConnected: false, whole.Replaced);
            return null;
        }

        link ??= new LegLink(socket);
        link.Follow(whole.Parameters, plan, whole.Replaced);
        return link;
    }

    // As client we begin, at an address which only an SDP has named: that counts as long as nobody has answered.
    private void Tick(LegLink link, MediaAddress destination, bool isConnected, TimeSpan now)
    {
        var isAsked = link.Ice is not null || !_latch.Source.IsNone || ports.IsConfirmed;
        var sent = link.Tick(isAsked || _unasked < MaxUnasked ? destination : default, isConnected, now);
        _unasked += isAsked ? 0 : sent;
    }

    private LatchVerdict JudgeByIce(MediaAddress source, TimeSpan now)
    {
        if (!_ice!.IsValid(source))
            return LatchVerdict.Refused;
        if (guard.IsOn)
            _ice.OnMedia(source, now);
        if (source == _heard)
            return LatchVerdict.Accepted;
        _heard = source;
        return LatchVerdict.Latched;
    }

    // Of the description; behind a NAT, where the host of the signalling is another, any port of that.
    private bool IsNamed(MediaAddress source, MediaAddress named) =>
        !source.IsNone && (source == named || (source.SameHost(_signalling) && !_signalling.SameHost(named)));

    private bool TrySecure(ReadOnlySpan<byte> datagram, Span<byte> buffer, bool isRtcp, out ReadOnlySpan<byte> secured)
    {
        secured = datagram;
        if (!guard.IsOn || datagram.IsEmpty)
            return true;
        var isSecured = guard.TryProtect(datagram, buffer, isRtcp, out var length);
        secured = buffer[..length];
        return isSecured;
    }

    private void Disconnect()
    {
        if (!_connected)
            return;
        ports.Rtp.Disconnect();
        _connected = false;
    }
}
