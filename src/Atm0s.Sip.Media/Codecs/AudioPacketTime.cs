namespace Atm0s.Sip.Media.Codecs;

/// <summary>Packet times that a codec of samples can do.</summary>
public static class AudioPacketTime
{
    private const int Step = 10; // ms
    private const int Max = 60;

    /// <summary>The greatest multiple of 10 ms that is not above a packet time; at least 10, at most 60 ms.</summary>
    /// <param name="wanted">As negotiated.</param>
    public static TimeSpan Floor(TimeSpan wanted) =>
        TimeSpan.FromMilliseconds(Math.Clamp((int)Math.Min(wanted.TotalMilliseconds, Max) / Step * Step, Step, Max));
}
