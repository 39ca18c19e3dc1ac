using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Protects what a leg sends, and lets in only what is authentic: nothing else is learned from, neither an address nor a figure. Without
/// keys it lets everything pass. Media thread only.
/// </summary>
internal sealed class LegGuard
{
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private SrtpSession? _rtcp; // where RTCP has an association of its own (RFC 5764 §4.1)
    private bool _awaitsKeys;   // by DTLS: they come, change and go while the leg runs
    private bool _isRtcpApart;

    /// <summary>Whether nothing may pass as it is.</summary>
    public bool IsOn => _sender is not null || _awaitsKeys;

    /// <summary>Whether nothing may pass at all, since the keys are still to come.</summary>
    public bool IsLocked => _awaitsKeys && _sender is null;

    /// <summary>Goes by a plan. What a key was used for goes on while the key does: it must never begin anew.</summary>
    public void Follow(LegPlan plan)
    {
        if (plan.Parameters.Dtls is not null)
        {
            if (!_awaitsKeys || plan.Link?.Dtls is not null)
                Release(plan.Replaced);
            (_awaitsKeys, _isRtcpApart) = (true, plan.RtcpLink is not null);
            return;
        }

        if (plan.Parameters.Keys is null || _awaitsKeys)
            Release(plan.Replaced);
        (_awaitsKeys, _isRtcpApart) = (false, false);
        if (plan.Parameters.Keys is null)
            return;

        if (plan.SrtpSender is { } sender)
        {
            plan.Replaced.Add(_sender);
            _sender = sender;
        }

        if (plan.SrtpReceiver is { } receiver)
        {
            plan.Replaced.Add(_receiver);
            _receiver = receiver;
        }
    }

    /// <summary>The handshake has brought keys.</summary>
    /// <param name="session">For RTP, and for RTCP on the same port.</param>
    public void Install(SrtpSession session) => (_sender, _receiver) = (session.Sender, session.Receiver);

    /// <summary>The handshake of RTCP's own port has brought keys.</summary>
    public void InstallRtcp(SrtpSession session) => _rtcp = session;

    /// <summary>Gives up the keys.</summary>
    public void Release(LegDisposal used)
    {
        used.Add(_sender);
        used.Add(_receiver);
        used.Add(_rtcp);
        (_sender, _receiver, _rtcp) = (null, null, null);
    }

    /// <summary>Protects a packet.</summary>
    /// <param name="packet">RTP or RTCP.</param>
    /// <param name="buffer">Receives what may be sent.</param>
    /// <param name="isRtcp">Which.</param>
    /// <param name="length">Length of that.</param>
    /// <returns>False when it must not be sent.</returns>
    public bool TryProtect(ReadOnlySpan<byte> packet, Span<byte> buffer, bool isRtcp, out int length)
    {
        length = packet.Length;
        var sender = isRtcp && _isRtcpApart ? _rtcp?.Sender : _sender;
        if (sender is null || packet.Length > buffer.Length)
            return false;
        packet.CopyTo(buffer);
        return isRtcp ? sender.TryProtectRtcp(buffer, ref length) : sender.TryProtectRtp(buffer, ref length);
    }

    /// <summary>Checks what has come, and decrypts it in place.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="isRtcp">Which it looks like.</param>
    /// <returns>Why it is not let in; null when it is.</returns>
    public RefusalReason? TryOpen(ref Span<byte> packet, bool isRtcp)
    {
        if (!IsOn)
            return null;
        var receiver = isRtcp && _isRtcpApart ? _rtcp?.Receiver : _receiver;
        if (receiver is null)
            return RefusalReason.Unauthentic;
        var verdict = isRtcp ? receiver.UnprotectRtcp(packet, out var length) : receiver.UnprotectRtp(packet, out length);
        switch (verdict)
        {
            case SrtpVerdict.Accepted:
                packet = packet[..length];
                return null;
            case SrtpVerdict.Malformed:
                return RefusalReason.Invalid;
            case SrtpVerdict.Replayed:
                return RefusalReason.Duplicate;
            default:
                return RefusalReason.Unauthentic;
        }
    }
}
