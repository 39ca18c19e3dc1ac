using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>RTCP of a leg: reports when they are due, and what those of the peer mean for the sender. Media thread only.</summary>
internal sealed class LegRtcp(LegTransport transport, RtpSender sender, RtcpSession session, TimeProvider time)
{
    private const int MaxDatagram = 2048;

    public TimeSpan? RoundTrip => session.RoundTrip;

    /// <summary>Sets the time of the next report.</summary>
    public void Schedule(TimeSpan now, Random random) => session.Schedule(now, random.NextDouble());

    /// <summary>Another receiver goes on with what comes.</summary>
    public void Follow(RtpReceiver receiver) => session.Follow(receiver);

    /// <summary>Takes a compound packet of the peer.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool OnPacket(ReadOnlySpan<byte> compound, TimeSpan arrival)
    {
        if (!session.OnPacket(compound, arrival))
            return false;
        // Redundancy costs quality: it is paid for only while the peer tells of losses.
        if (session.RemoteFractionLost is { } lost)
            sender.OnReport(lost, session.RoundTrip);
        return true;
    }

    /// <summary>Whether it is time for a report.</summary>
    public bool IsDue(TimeSpan now) => session.IsReportDue(now);

    /// <summary>Reports, and sets the time of the next report.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="random">For that time.</param>
    /// <param name="metrics">How the peer's stream sounds, if it shall know.</param>
    [SkipLocalsInit]
    public void Report(TimeSpan now, Random random, RtcpXrVoipMetrics? metrics)
    {
        Span<byte> datagram = stackalloc byte[MaxDatagram];
        var length = session.WriteReport(datagram, now, time.GetUtcNow());
        if (metrics is { } known)
            length += known.Write(sender.Ssrc, datagram[length..]);
        transport.SendRtcp(datagram[..length]);
        Schedule(now, random);
    }

    /// <summary>The stream ends (RFC 3550 §6.6).</summary>
    [SkipLocalsInit]
    public void SayGoodbye(TimeSpan now)
    {
        Span<byte> datagram = stackalloc byte[MaxDatagram];
        var length = session.WriteBye(datagram, now, time.GetUtcNow());
        transport.SendRtcp(datagram[..length]);
    }
}
