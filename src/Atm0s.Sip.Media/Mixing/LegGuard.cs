using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Protects what a leg sends, and lets in only what is authentic: nothing else is learned from, neither an address nor a figure. Without
/// keys it lets everything pass. Media thread only.
/// </summary>
internal sealed class LegGuard
{
    /// <summary>How long packets of the key before are let in, which may be on their way (RFC 3264 §8.3.2, RFC 4568 §7.1.4).</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(2);

    private const int MaxDatagram = 2048;
    private const int MaxRetired = 4; // suites that one offer has

    private readonly List<SrtpSender> _retired = [];
    private readonly List<SrtpReceiver> _retiredReceivers = [];
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private SrtpReceiver? _earlier; // one of the retired
    private TimeSpan _earlierEnd;
    private SrtpSession? _rtcp; // where RTCP has an association of its own (RFC 5764 §4.1)
    private bool _awaitsKeys;   // by DTLS: they come, change and go while the leg runs
    private bool _isRtcpApart;

    /// <summary>Whether nothing may pass as it is.</summary>
    public bool IsOn => _sender is not null || _awaitsKeys;

    /// <summary>Whether nothing may pass at all, since the keys are still to come.</summary>
    public bool IsLocked => _awaitsKeys && _sender is null;

    /// <summary>What protects the packets that are sent, or null.</summary>
    public SrtpSuite? Suite => _sender?.Key.Suite;

    /// <summary>Goes by a plan. What a key was used for goes on while the key does: it must never begin anew.</summary>
    public void Follow(LegPlan plan, TimeSpan now)
    {
        if (plan.Parameters.Dtls is not null)
        {
            if (!_awaitsKeys)
                Retire(plan.Replaced);
            else if (plan.Link?.Dtls is not null)
                ReleaseCurrent(plan.Replaced);
            (_awaitsKeys, _isRtcpApart) = (true, plan.RtcpLink is not null);
            return;
        }

        if (_awaitsKeys)
            ReleaseCurrent(plan.Replaced);
        else if (plan.Parameters.Keys is null)
            Retire(plan.Replaced);
        (_awaitsKeys, _isRtcpApart) = (false, false);
        if (plan.Parameters.Keys is null)
            return;

        if (plan.SrtpSender is { } sender)
            Take(sender, plan.Replaced);
        if (plan.SrtpReceiver is { } receiver)
            Take(receiver, plan.Replaced, now);
    }

    /// <summary>The handshake has brought keys.</summary>
    /// <param name="session">For RTP, and for RTCP on the same port.</param>
    public void Install(SrtpSession session) => (_sender, _receiver) = (session.Sender, session.Receiver);

    /// <summary>The handshake of RTCP's own port has brought keys.</summary>
    public void InstallRtcp(SrtpSession session) => _rtcp = session;

    /// <summary>The association of RTCP's own port is over: no reports any more.</summary>
    public void ReleaseRtcp(LegDisposal used)
    {
        used.Add(_rtcp);
        _rtcp = null;
    }

    /// <summary>Gives up the keys in use. Those of descriptions stay set aside, for one that comes back must not begin anew.</summary>
    public void ReleaseCurrent(LegDisposal used)
    {
        used.Add(_sender);
        used.Add(_receiver);
        used.Add(_rtcp);
        (_sender, _receiver, _earlier, _rtcp) = (null, null, null, null);
    }

    /// <summary>Gives up all keys: the leg ends.</summary>
    public void Release(LegDisposal used)
    {
        ReleaseCurrent(used);
        foreach (var sender in _retired)
            used.Add(sender);
        foreach (var receiver in _retiredReceivers)
            used.Add(receiver);
        _retired.Clear();
        _retiredReceivers.Clear();
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
    /// <param name="now">Monotonic.</param>
    /// <returns>Why it is not let in; null when it is.</returns>
    public RefusalReason? TryOpen(ref Span<byte> packet, bool isRtcp, TimeSpan now)
    {
        if (!IsOn)
            return null;
        var receiver = isRtcp && _isRtcpApart ? _rtcp?.Receiver : _receiver;
        if (receiver is null)
            return RefusalReason.Unauthentic;
        var verdict = _earlier is null || now >= _earlierEnd || packet.Length > MaxDatagram
            ? Open(receiver, ref packet, isRtcp)
            : OpenWithEither(ref packet, isRtcp);
        return verdict switch
        {
            SrtpVerdict.Accepted => null,
            SrtpVerdict.Malformed => RefusalReason.Invalid,
            SrtpVerdict.Replayed => RefusalReason.Duplicate,
            _ => RefusalReason.Unauthentic,
        };
    }

    private static SrtpVerdict Open(SrtpReceiver receiver, ref Span<byte> packet, bool isRtcp)
    {
        var verdict = isRtcp ? receiver.UnprotectRtcp(packet, out var length) : receiver.UnprotectRtp(packet, out length);
        if (verdict == SrtpVerdict.Accepted)
            packet = packet[..length];
        return verdict;
    }

    // What the first attempt leaves of a packet is of no use to the second.
    [SkipLocalsInit]
    private SrtpVerdict OpenWithEither(ref Span<byte> packet, bool isRtcp)
    {
        Span<byte> copy = stackalloc byte[MaxDatagram];
        packet.CopyTo(copy);
        var verdict = Open(_receiver!, ref packet, isRtcp);
        if (verdict == SrtpVerdict.Accepted)
            return verdict;
        copy[..packet.Length].CopyTo(packet);
        return Open(_earlier!, ref packet, isRtcp) == SrtpVerdict.Accepted ? SrtpVerdict.Accepted : verdict;
    }

    // Of phones that ring each may have chosen another suite, and the call may come back to the first.
    private void Take(SrtpSender sender, LegDisposal replaced)
    {
        if (ReferenceEquals(_sender?.Key, sender.Key))
        {
            replaced.Add(sender);
            return;
        }

        if (_retired.Find(known => ReferenceEquals(known.Key, sender.Key)) is { } retired)
        {
            replaced.Add(sender);
            _retired.Remove(sender = retired);
        }

        Keep(_retired, _sender, replaced);
        _sender = sender;
    }

    private void Take(SrtpReceiver receiver, LegDisposal replaced, TimeSpan now)
    {
        if (ReferenceEquals(_receiver?.Key, receiver.Key))
        {
            replaced.Add(receiver);
            return;
        }

        // It goes on where it was: what it has let in once is not let in again (RFC 3711 §3.3.2).
        if (_retiredReceivers.Find(known => ReferenceEquals(known.Key, receiver.Key)) is { } retired)
        {
            replaced.Add(receiver);
            _retiredReceivers.Remove(receiver = retired);
        }

        Keep(_retiredReceivers, _receiver, replaced);
        (_earlier, _earlierEnd, _receiver) = (_receiver, now + Overlap, receiver);
    }

    // The keys of descriptions are set aside, for they may come back.
    private void Retire(LegDisposal replaced)
    {
        Keep(_retired, _sender, replaced);
        Keep(_retiredReceivers, _receiver, replaced);
        (_sender, _receiver, _earlier) = (null, null, null);
    }

    private static void Keep<T>(List<T> retired, T? one, LegDisposal replaced)
        where T : class, IDisposable
    {
        if (one is null)
            return;
        retired.Add(one);
        if (retired.Count <= MaxRetired)
            return;
        replaced.Add(retired[0]);
        retired.RemoveAt(0);
    }
}
