using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What comes from the peer: judges packets, and keeps the figures when one receiver follows another. Media thread only.</summary>
internal sealed class LegInput(LegTransport transport, RtpReceiver receiver, RtpLegParameters parameters)
{
    private static readonly TimeSpan MaxPacketTime = TimeSpan.FromMilliseconds(120);

    private RtpLegParameters _parameters = parameters;
    private PlayoutTotals _playedBefore; // by receivers before this one
    private long _lostBefore;            // by streams and receivers before this one
    private long _lostMost;              // as told
    private ushort _lastSequence;
    private uint _lastTimestamp;

    public RtpReceiver Receiver { get; private set; } = receiver;

    /// <summary>How losses lie, and how that sounds.</summary>
    public LegQuality Quality { get; } = new();

    /// <summary>Audio of the packets that come, as far as can be seen.</summary>
    public TimeSpan PacketTime { get; private set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>What became of the audio that came.</summary>
    public PlayoutTotals Playout => _playedBefore + PlayoutTotals.Of(Receiver);

    /// <summary>Packets that never came; never less than was told before, whatever becomes of sequence numbers.</summary>
    public long PacketsLost => _lostMost = Math.Max(_lostMost, _lostBefore + Math.Max(0, Receiver.Statistics.Lost));

    /// <summary>Takes a datagram that may be RTP.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="now">Time of the tick.</param>
    /// <param name="arrival">When it came.</param>
    /// <param name="verdict">Whether it is of the source listened to.</param>
    /// <returns>Why it was not taken; null when it was.</returns>
    public RefusalReason? OnPacket(
        ReadOnlySpan<byte> datagram, MediaAddress source, TimeSpan now, TimeSpan arrival, out LatchVerdict verdict)
    {
        verdict = LatchVerdict.Refused;
        if (!RtpPacketView.TryParse(datagram, out var packet))
            return RefusalReason.Invalid;
        if (!Receiver.Takes(packet.PayloadType) && source != transport.Source)
            return RefusalReason.PayloadType;
        verdict = transport.Judge(source, packet.Ssrc, packet.SequenceNumber, now);
        if (verdict == LatchVerdict.Refused)
            return RefusalReason.Source;
        return Receive(datagram, packet, arrival);
    }

    /// <summary>The format agreed on for a payload type; null when there is none.</summary>
    public RtpFormat? FormatOf(byte payloadType)
    {
        for (var i = 0; i < _parameters.ReceiveFormats.Count; i++)
        {
            if (_parameters.ReceiveFormats[i].PayloadType == payloadType)
                return _parameters.ReceiveFormats[i];
        }

        return null;
    }

    /// <summary>Goes by other parameters.</summary>
    /// <param name="parameters">What was agreed on.</param>
    /// <param name="receiver">Receives from now on, and knows of a key that is held; null: the one before goes on.</param>
    /// <returns>The one before, to be disposed of; or null.</returns>
    public RtpReceiver? Follow(RtpLegParameters parameters, RtpReceiver? receiver)
    {
        _parameters = parameters;
        // Also a new one: it may have been made for parameters that no tick has taken.
        (receiver ?? Receiver).FollowLevels(parameters.AudioLevelExtension, parameters.HasVoiceFlag);
        if (receiver is null)
            return null;

        var before = Receiver;
        Quality.Restart();
        _playedBefore += PlayoutTotals.Of(before);
        _lostBefore += Math.Max(0, before.Statistics.Lost);
        receiver.ContinueEvents(before);
        Receiver = receiver;
        return before;
    }

    private RefusalReason? Receive(ReadOnlySpan<byte> datagram, RtpPacketView packet, TimeSpan arrival)
    {
        var (expected, lost) = (Receiver.Statistics.Expected, Receiver.Statistics.Lost);
        // What nobody is to hear has come all the same: it is not lost.
        var result = _parameters.Receive ? Receiver.OnPacket(datagram, arrival) : Receiver.Pass(packet, arrival);
        // The figures start anew with another SSRC, and with sequence numbers that do.
        if (Receiver.Statistics.Expected < expected)
        {
            _lostBefore += Math.Max(0, lost);
            Quality.Restart();
        }

        if (result is RtpArrival.Accepted or RtpArrival.Event or RtpArrival.TooLate)
            Quality.OnPacket(packet.SequenceNumber, result == RtpArrival.TooLate);
        if (result == RtpArrival.Accepted)
            Measure(packet);
        return !_parameters.Receive ? RefusalReason.NotReceiving : result switch
        {
            RtpArrival.Accepted or RtpArrival.Event => null,
            RtpArrival.WrongPayloadType => RefusalReason.PayloadType,
            RtpArrival.Duplicate => RefusalReason.Duplicate,
            RtpArrival.TooLate => RefusalReason.TooLate,
            RtpArrival.NewSource or RtpArrival.Jump => RefusalReason.Probation,
            _ => RefusalReason.Invalid,
        };
    }

    private void Measure(RtpPacketView packet)
    {
        var follows = packet.SequenceNumber == (ushort)(_lastSequence + 1);
        var units = packet.Timestamp - _lastTimestamp;
        (_lastSequence, _lastTimestamp) = (packet.SequenceNumber, packet.Timestamp);
        for (var i = 0; follows && i < _parameters.ReceiveFormats.Count; i++)
        {
            var format = _parameters.ReceiveFormats[i];
            var time = TimeSpan.FromSeconds(units / (double)format.Codec.ClockRate);
            if (format.PayloadType == packet.PayloadType && time > TimeSpan.Zero && time <= MaxPacketTime)
                PacketTime = time;
        }
    }
}
