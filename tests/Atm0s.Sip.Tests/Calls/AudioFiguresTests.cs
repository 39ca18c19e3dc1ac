using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>What an operator sees of a call's audio is what its leg counted.</summary>
public sealed class AudioFiguresTests
{
    private static readonly RtpLegStatistics Leg = new()
    {
        Codec = "PCMA",
        PacketsSent = 1,
        PacketsReceived = 2,
        PacketsLost = 3,
        JitterMilliseconds = 4.5,
        RoundTrip = TimeSpan.FromMilliseconds(5),
        LevelDbov = -6,
        Local = IPEndPoint.Parse("10.0.0.1:40000"),
        Remote = IPEndPoint.Parse("10.0.2.1:4000"),
        JitterBufferDelay = TimeSpan.FromMilliseconds(7),
        PlayedAudio = TimeSpan.FromSeconds(8),
        ConcealedAudio = TimeSpan.FromSeconds(2),
        InsertedAudio = TimeSpan.FromMilliseconds(9),
        RemovedAudio = TimeSpan.FromMilliseconds(10),
        PacketsDiscarded = 11,
        Resyncs = 12,
        Mos = 4.2,
    };

    [Test]
    public void QualityOf_TellsEveryFigure() => Assert.That(AudioFigures.QualityOf(Leg, "opus"), Is.EqualTo(new Hooks.CallQuality
    {
        Codec = "opus",
        PacketsSent = 1,
        PacketsReceived = 2,
        PacketsLost = 3,
        JitterMilliseconds = 4.5,
        RoundTrip = TimeSpan.FromMilliseconds(5),
        JitterBufferDelay = TimeSpan.FromMilliseconds(7),
        PlayedAudio = TimeSpan.FromSeconds(8),
        ConcealedShare = 0.25,
        InsertedAudio = TimeSpan.FromMilliseconds(9),
        RemovedAudio = TimeSpan.FromMilliseconds(10),
        PacketsDiscarded = 11,
        Resyncs = 12,
        Mos = 4.2,
    }));

    [Test]
    public void StatisticsOf_TellsEveryFigure() => Assert.That(AudioFigures.StatisticsOf(Leg, "opus"), Is.EqualTo(new CallStatistics
    {
        Codec = "opus",
        PacketsSent = 1,
        PacketsReceived = 2,
        PacketsLost = 3,
        JitterMilliseconds = 4.5,
        RoundTrip = TimeSpan.FromMilliseconds(5),
        Level = -6,
        Local = IPEndPoint.Parse("10.0.0.1:40000"),
        Remote = IPEndPoint.Parse("10.0.2.1:4000"),
        JitterBufferDelay = TimeSpan.FromMilliseconds(7),
        PlayedAudio = TimeSpan.FromSeconds(8),
        ConcealedShare = 0.25,
        InsertedAudio = TimeSpan.FromMilliseconds(9),
        RemovedAudio = TimeSpan.FromMilliseconds(10),
        PacketsDiscarded = 11,
        Resyncs = 12,
        Mos = 4.2,
    }));

    [Test]
    public void NothingPlayed_NothingWasConcealed() =>
        Assert.That(
            AudioFigures.QualityOf(Leg with { PlayedAudio = TimeSpan.Zero, ConcealedAudio = TimeSpan.Zero }, "").ConcealedShare, Is.Zero);
}
