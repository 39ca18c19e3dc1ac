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

    /// <summary>Whether there are keys.</summary>
    public bool IsOn => _sender is not null;

    /// <summary>Goes by a plan. What a key was used for goes on while the key does: it must never begin anew.</summary>
    public void Follow(LegPlan plan)
    {
        if (plan.Parameters.Keys is null)
        {
            Release(plan.Replaced);
            return;
        }

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

    /// <summary>Gives up the keys.</summary>
    public void Release(LegDisposal used)
    {
        used.Add(_sender);
        used.Add(_receiver);
        (_sender, _receiver) = (null, null);
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
        if (packet.Length > buffer.Length)
            return false;
        packet.CopyTo(buffer);
        return isRtcp ? _sender!.TryProtectRtcp(buffer, ref length) : _sender!.TryProtectRtp(buffer, ref length);
    }

    /// <summary>Checks what has come, and decrypts it in place.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="isRtcp">Which it looks like.</param>
    /// <returns>Why it is not let in; null when it is.</returns>
    public RefusalReason? TryOpen(ref Span<byte> packet, bool isRtcp)
    {
        if (!IsOn)
            return null;
        var verdict = isRtcp ? _receiver!.UnprotectRtcp(packet, out var length) : _receiver!.UnprotectRtp(packet, out length);
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
