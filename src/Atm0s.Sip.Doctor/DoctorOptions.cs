namespace Atm0s.Sip.Doctor;

/// <summary>What a doctor looks at.</summary>
public sealed class DoctorOptions
{
    /// <summary>Whether trunks are asked (OPTIONS). Default true.</summary>
    public bool PingTrunks { get; set; } = true;

    /// <summary>How long a trunk has for its answer. 100 ms to 1 minute, default 3 s.</summary>
    public TimeSpan TrunkTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Whether two phones call a server of the doctor's own on 127.0.0.1, and one hears what the other says. Takes some 3 s and a media
    /// thread. Default true; as a health check false unless it is set.
    /// </summary>
    public bool LoopbackCall { get; set; } = true;

    /// <summary>Whether the timer is measured, which takes a quarter of a second. Default true.</summary>
    public bool MeasureTimer { get; set; } = true;

    /// <summary>
    /// Whether the server with these settings runs already: then its ports are in use, as they should be. Default false.
    /// </summary>
    public bool IsRunning { get; set; }

    /// <summary>For how long a report of the health check is used again. 1 s to 1 day, default 1 minute.</summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    internal void Check()
    {
        if (TrunkTimeout < TimeSpan.FromMilliseconds(100) || TrunkTimeout > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"TrunkTimeout is {TrunkTimeout.TotalSeconds} s; write a time from 0.1 s to 60 s.");
        if (CacheDuration < TimeSpan.FromSeconds(1) || CacheDuration > TimeSpan.FromDays(1))
            throw new ArgumentException($"CacheDuration is {CacheDuration.TotalSeconds} s; write a time from 1 s to 86400 s.");
    }
}
