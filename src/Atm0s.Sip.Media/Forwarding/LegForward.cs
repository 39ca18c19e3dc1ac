using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// Decides when packets of a source go to a leg as they are, and numbers them: when it is the only one heard, and has been for a while, so
/// that the change is rare; until another is heard with it. Media thread only.
/// </summary>
internal sealed class LegForward
{
    private const int Alone = 10;       // ticks, 200 ms
    private const int MaxEmpty = 5;     // without a packet: what is heard then is the mix, silence that is

    private readonly StreamNumbers _numbers = new(0, 0);
    private SourceMember? _source;      // whose packets go
    private SourceMember? _candidate;
    private int _alone;
    private int _empty;

    /// <summary>Packets of this tick.</summary>
    public int Count => _source?.Played.Count ?? 0;

    /// <summary>Decides for this tick.</summary>
    /// <param name="heard">Who is heard.</param>
    /// <param name="sender">Sends to the leg.</param>
    /// <returns>Whether packets go in this tick, those of the source, which may be none; else the mix is to be encoded.</returns>
    public bool Continues(HeardSpeakers heard, RtpSender sender)
    {
        if (_source is null)
            return Begins(heard, sender);
        _empty = _source.Played.Count > 0 ? 0 : _empty + 1;
        if ((heard.Count == 0 || heard.Only == _source) && _empty <= MaxEmpty && _source.Played.AreAll(SamplesOf(sender)))
            return true;
        End(sender);
        return false;
    }

    /// <summary>Writes a packet of this tick.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="sender">Sends to the leg.</param>
    /// <param name="datagram">Receives it.</param>
    /// <returns>Bytes; 0 when it can't go.</returns>
    public int Write(int index, RtpSender sender, Span<byte> datagram)
    {
        var payload = _source!.Played.Get(index, out var sequence, out var timestamp);
        return _numbers.TryMap(
            (ushort)sequence, (uint)timestamp, SamplesOf(sender), sender.Timestamp, out var number, out var time)
            ? sender.WriteEncoded(payload, number, time, datagram)
            : 0;
    }

    /// <summary>What goes from now on is the mix, or nothing.</summary>
    public void End(RtpSender sender)
    {
        if (_source is not null)
            sender.ChangeSource(_numbers.End);
        (_source, _candidate, _alone) = (null, null, 0);
    }

    private bool Begins(HeardSpeakers heard, RtpSender sender)
    {
        if (heard.Count == 0)
            return false;
        var only = heard.Only as SourceMember;
        _alone = only is not null && only == _candidate ? _alone + 1 : 0;
        _candidate = only;
        if (only is null || _alone < Alone || only.Played.Count == 0 || !only.Played.AreAll(SamplesOf(sender)))
            return false;
        (_source, _empty) = (only, 0);
        sender.ChangeSource(sender.Timestamp);
        _numbers.Restart(sender.NextSequence, sender.Timestamp);
        return true;
    }

    private static int SamplesOf(RtpSender sender) => (int)(sender.PacketTime.Ticks * OpusPacket.SampleRate / TimeSpan.TicksPerSecond);
}
