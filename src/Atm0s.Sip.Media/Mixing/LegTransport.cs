using System.Net;
using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Diagnostics;
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

    /// <summary>Counters of the room it is in.</summary>
    public MediaCounters Counters { get; set; } = counters;

    public MediaAddress Source => _latch.Source;

    /// <summary>Takes what an offer and its answer say. Another address for RTP starts latching anew.</summary>
    public void SetRemote(RtpLegParameters parameters)
    {
        var address = MediaAddress.From(parameters.Remote);
        _remoteRtcp = parameters.RemoteRtcp is { } rtcp ? MediaAddress.From(rtcp)
            : address.IsNone ? default
            : address with { Port = (ushort)(address.Port + 1) };
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
                Signalling = parameters.SignallingAddress is { } host ? MediaAddress.From(new IPEndPoint(host, 1)) : default,
                Earlier = ports.Earlier,
            });
            _isUsable = address.IsUsable;
            Disconnect();
        }

        _latch.IsOnHold = parameters.IsOnHold;
    }

    public LatchVerdict Judge(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        var verdict = _latch.OnPacket(source, ssrc, sequence, now);
        if (verdict != LatchVerdict.Refused)
            ports.Heard = new HeardStream(source, ssrc);
        return verdict;
    }

    /// <summary>After the socket was drained: connects to the source latched to, or hears everybody when another one may come.</summary>
    public void Settle(TimeSpan now)
    {
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

    /// <summary>Sends RTP, or a datagram of no bytes that keeps the way open.</summary>
    public bool Send(ReadOnlySpan<byte> datagram) => Send(datagram, isRtcp: false);

    /// <summary>
    /// Whether what comes from this address to the RTCP port may be RTCP for us: from the address of the SDP always, else from one port
    /// of the host that RTP comes from, until that is silent.
    /// </summary>
    public bool AcceptRtcp(MediaAddress source, TimeSpan now) =>
        source == _remoteRtcp || source == _rtcpSource
        || (source.SameHost(_latch.Destination) && (_rtcpSource.IsNone || now - _lastRtcp >= RtcpSilence));

    /// <summary>It was RTCP: from now on it is answered there (behind a NAT the SDP's port says nothing).</summary>
    public void OnRtcp(MediaAddress source, TimeSpan now) => (_rtcpSource, _lastRtcp) = (source, now);

    /// <summary>
    /// Whether what comes to the RTP port may be RTCP for us: from the source listened to, also when that was not agreed on, and with one
    /// port for both (RFC 5761) from wherever RTCP may come.
    /// </summary>
    public bool AcceptMuxed(MediaAddress source, TimeSpan now) =>
        (!source.IsNone && source == _latch.Source) || (_remoteRtcp == _remote && AcceptRtcp(source, now));

    [SkipLocalsInit]
    public void SendRtcp(ReadOnlySpan<byte> datagram)
    {
        if (_remoteRtcp == _remote) // RFC 5761
        {
            Send(datagram, isRtcp: true);
            return;
        }

        var destination = !_rtcpSource.IsNone ? _rtcpSource
            : _latch.Source.IsNone || _latch.Source == _remote ? _remoteRtcp
            : _latch.Source with { Port = (ushort)(_latch.Source.Port + 1) };
        if (!destination.IsUsable || !MaySend())
            return;
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        if (!TrySecure(datagram, buffer, isRtcp: true, out var secured) || !ports.Rtcp.SendTo(secured, destination))
            Counters.SendErrors++;
    }

    /// <summary>Whether nothing more may go to where nobody has answered from: what is not made is not missed by the peer.</summary>
    public bool IsHeldBack => _latch.Source.IsNone && !ports.IsConfirmed && _unasked >= MaxUnasked;

    private bool MaySend() => !_latch.Source.IsNone || ports.IsConfirmed || _unasked++ < MaxUnasked;

    [SkipLocalsInit]
    private bool Send(ReadOnlySpan<byte> datagram, bool isRtcp)
    {
        if (!_isUsable || !MaySend())
            return false;
        Span<byte> buffer = stackalloc byte[MaxDatagram];
        var sent = TrySecure(datagram, buffer, isRtcp, out var secured)
            && (_connected ? ports.Rtp.Send(secured) : ports.Rtp.SendTo(secured, _latch.Destination));
        if (!sent)
            Counters.SendErrors++;
        return sent;
    }

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
