using System.Net;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>The way between a leg and its peer: which socket, which address, connected or not. Media thread only.</summary>
internal sealed class LegTransport(LegPorts ports, MediaCounters counters)
{
    /// <summary>Counters of the room it is in.</summary>
    public MediaCounters Counters { get; set; } = counters;

    private LatchPolicy _latch = new(default);
    private MediaAddress _remote;
    private MediaAddress _remoteRtcp;
    private MediaAddress _rtcpSource;
    private bool _connected;

    public MediaAddress Source => _latch.Source;

    /// <summary>Takes the addresses of an SDP; a new one for RTP starts latching anew.</summary>
    public void SetRemote(IPEndPoint remote, IPEndPoint? rtcp, IPAddress? signalling)
    {
        var address = MediaAddress.From(remote);
        _remoteRtcp = rtcp is not null ? MediaAddress.From(rtcp) : address.IsNone ? default : address with { Port = (ushort)(address.Port + 1) };
        if (address == _remote) return;
        _remote = address;
        _rtcpSource = default;
        _latch = new LatchPolicy(address, signalling is null ? default : MediaAddress.From(new IPEndPoint(signalling, 1)));
        Disconnect();
    }

    public LatchVerdict Judge(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now) => _latch.OnPacket(source, ssrc, sequence, now);

    /// <summary>After the socket was drained: connects to the source latched to, or hears everybody when that is silent.</summary>
    public void Settle(TimeSpan now)
    {
        var open = _latch.IsOpen(now);
        if (open && _connected) Disconnect();
        if (open || _connected) return;
        ports.Rtp.Connect(_latch.Source);
        _connected = true;
    }

    /// <summary>A latch to another source: hear it too until the drain is over.</summary>
    public void OnLatched() => Disconnect();

    public bool Send(ReadOnlySpan<byte> datagram)
    {
        // The SDP gave no address, and nobody has sent yet.
        if (_latch.Destination.IsNone) return false;
        var sent = _connected ? ports.Rtp.Send(datagram) : ports.Rtp.SendTo(datagram, _latch.Destination);
        if (!sent) Counters.SendErrors++;
        return sent;
    }

    /// <summary>Whether RTCP from this address is for us; if so, it is answered there (behind a NAT the SDP's port says nothing).</summary>
    public bool AcceptRtcp(MediaAddress source)
    {
        if (!source.SameHost(_latch.Destination) && source != _remoteRtcp) return false;
        _rtcpSource = source;
        return true;
    }

    public void SendRtcp(ReadOnlySpan<byte> datagram)
    {
        if (_remoteRtcp == _remote) // RFC 5761
        {
            Send(datagram);
            return;
        }

        var destination = !_rtcpSource.IsNone ? _rtcpSource
            : _latch.Source.IsNone || _latch.Source == _remote ? _remoteRtcp
            : _latch.Source with { Port = (ushort)(_latch.Source.Port + 1) };
        if (destination.IsNone) return;
        if (!ports.Rtcp.SendTo(datagram, destination)) Counters.SendErrors++;
    }

    private void Disconnect()
    {
        if (!_connected) return;
        ports.Rtp.Disconnect();
        _connected = false;
    }
}
