namespace Atm0s.Sip.Media.Rtp;

/// <summary>What became of received audio, over one receiver or several in turn.</summary>
/// <param name="Played">Audio of packets that was played, and what was made up between.</param>
/// <param name="Concealed">Part of it that was made up.</param>
/// <param name="Inserted">Audio added to let the buffer grow.</param>
/// <param name="Removed">Audio taken out to let it shrink.</param>
/// <param name="Discarded">Packets that came and were not played.</param>
/// <param name="Resyncs">Times that the buffer began anew.</param>
internal readonly record struct PlayoutTotals(
    TimeSpan Played, TimeSpan Concealed, TimeSpan Inserted, TimeSpan Removed, long Discarded, long Resyncs)
{
    public static PlayoutTotals operator +(PlayoutTotals a, PlayoutTotals b) => new(
        a.Played + b.Played, a.Concealed + b.Concealed, a.Inserted + b.Inserted, a.Removed + b.Removed, a.Discarded + b.Discarded,
            a.Resyncs + b.Resyncs);

    public static PlayoutTotals operator -(PlayoutTotals a, PlayoutTotals b) => new(
        a.Played - b.Played, a.Concealed - b.Concealed, a.Inserted - b.Inserted, a.Removed - b.Removed, a.Discarded - b.Discarded,
            a.Resyncs - b.Resyncs);

    public static PlayoutTotals Of(RtpReceiver receiver) => new(
        receiver.PlayedAudio + receiver.ConcealedAudio,
        receiver.ConcealedAudio,
        receiver.InsertedAudio,
        receiver.RemovedAudio,
        receiver.PacketsDiscarded,
        receiver.Resyncs);
}
