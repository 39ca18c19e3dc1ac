using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What comes from the peer: judges packets, and keeps the figures when one receiver follows another. Media thread only.</summary>
internal sealed class LegInput(LegTransport transport, RtpReceiver receiver)
{
    private long _lostBefore; // by streams and receivers before this one
    private long _lostMost;   // as told

    public RtpReceiver Receiver { get; private set; } = receiver;

    /// <summary>Whether what comes is heard; else packets only show that the peer lives.</summary>
    public bool IsListening { get; set; } = true;

    /// <summary>Packets that never came; never less than was told before, whatever becomes of sequence numbers.</summary>
    public long PacketsLost => _lostMost = Math.Max(_lostMost, _lostBefore + Math.Max(0, Receiver.Statistics.Lost));

    /// <summary>Takes a datagram that may be RTP.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="now">Time of the tick.</param>
    /// <param name="arrival">When it came.</param>
    /// <param name="verdict">Whether it is of the source listened to.</param>
    /// <returns>Why it was not taken; null when it was.</returns>
    public RefusalReason? OnPacket(ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now, TimeSpan arrival, out LatchVerdict verdict)
    {
        verdict = LatchVerdict.Refused;
        if (!RtpPacketView.TryParse(datagram, out var packet))
            return RefusalReason.Invalid;
        if (!Receiver.Takes(packet.PayloadType) && source != transport.Source)
            return RefusalReason.PayloadType;
        verdict = transport.Judge(source, packet.Ssrc, packet.SequenceNumber, now);
        if (verdict == LatchVerdict.Refused)
            return RefusalReason.Source;
        return IsListening ? Receive(datagram, arrival) : RefusalReason.NotReceiving;
    }

    /// <summary>Goes on with another receiver, which knows of a key that is held.</summary>
    /// <returns>The one before, to be disposed of.</returns>
    public RtpReceiver Replace(RtpReceiver receiver)
    {
        var before = Receiver;
        _lostBefore += Math.Max(0, before.Statistics.Lost);
        receiver.ContinueEvents(before);
        Receiver = receiver;
        return before;
    }

    private RefusalReason? Receive(ReadOnlySpan<byte> datagram, TimeSpan arrival)
    {
        var (expected, lost) = (Receiver.Statistics.Expected, Receiver.Statistics.Lost);
        var result = Receiver.OnPacket(datagram, arrival);
        // The figures start anew with another SSRC, and with sequence numbers that do.
        if (Receiver.Statistics.Expected < expected)
            _lostBefore += Math.Max(0, lost);
        return result switch
        {
            RtpArrival.Accepted or RtpArrival.Event => null,
            RtpArrival.WrongPayloadType => RefusalReason.PayloadType,
            RtpArrival.Duplicate => RefusalReason.Duplicate,
            RtpArrival.TooLate => RefusalReason.TooLate,
            RtpArrival.NewSource or RtpArrival.Jump => RefusalReason.Probation,
            _ => RefusalReason.Invalid,
        };
    }
}
