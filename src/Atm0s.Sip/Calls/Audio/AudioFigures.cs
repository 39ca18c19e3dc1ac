using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>What a host is told of a leg's figures.</summary>
internal static class AudioFigures
{
    /// <summary>At the end of a call.</summary>
    public static CallQuality QualityOf(RtpLegStatistics leg, string codec) => new()
    {
        Codec = codec,
        PacketsSent = leg.PacketsSent,
        PacketsReceived = leg.PacketsReceived,
        PacketsLost = leg.PacketsLost,
        JitterMilliseconds = leg.JitterMilliseconds,
        RoundTrip = leg.RoundTrip,
        PlayedAudio = leg.PlayedAudio,
        ConcealedShare = ConcealedShareOf(leg),
        PacketsDiscarded = leg.PacketsDiscarded,
        InsertedAudio = leg.InsertedAudio,
        RemovedAudio = leg.RemovedAudio,
        Resyncs = leg.Resyncs,
        JitterBufferDelay = leg.JitterBufferDelay,
        Mos = leg.Mos,
    };

    /// <summary>While it goes on.</summary>
    public static CallStatistics StatisticsOf(RtpLegStatistics leg, string codec) => new()
    {
        Codec = codec,
        PacketsSent = leg.PacketsSent,
        PacketsReceived = leg.PacketsReceived,
        PacketsLost = leg.PacketsLost,
        JitterMilliseconds = leg.JitterMilliseconds,
        RoundTrip = leg.RoundTrip,
        Level = leg.LevelDbov,
        IsTalking = leg.IsTalking,
        Local = leg.Local,
        Remote = leg.Remote,
        PlayedAudio = leg.PlayedAudio,
        ConcealedShare = ConcealedShareOf(leg),
        PacketsDiscarded = leg.PacketsDiscarded,
        InsertedAudio = leg.InsertedAudio,
        RemovedAudio = leg.RemovedAudio,
        Resyncs = leg.Resyncs,
        JitterBufferDelay = leg.JitterBufferDelay,
        Mos = leg.Mos,
    };

    private static double ConcealedShareOf(RtpLegStatistics leg) =>
        leg.PlayedAudio > TimeSpan.Zero ? Math.Clamp(leg.ConcealedAudio / leg.PlayedAudio, 0, 1) : 0;
}
