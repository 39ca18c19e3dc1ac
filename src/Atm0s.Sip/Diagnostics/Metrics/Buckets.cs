namespace Atm0s.Sip.Diagnostics.Metrics;

/// <summary>Boundaries of histograms, for whoever collects them and has no wish of his own.</summary>
internal static class Buckets
{
    /// <summary>Of answers, in seconds: T1 is 0.5 s, and after 32 s nobody waits any more (RFC 3261 table 4).</summary>
    public static readonly double[] Answers = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];

    /// <summary>Until somebody is rung, in seconds; a human waits for 10 and wonders.</summary>
    public static readonly double[] Setups = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 32, 60];

    /// <summary>Of calls, in seconds, up to four hours.</summary>
    public static readonly double[] Calls = [1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];

    /// <summary>Of jitter, in seconds.</summary>
    public static readonly double[] Jitter = [0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2];

    /// <summary>Of round trips, in seconds; from 0.3 on people talk into each other's words (ITU-T G.114).</summary>
    public static readonly double[] RoundTrips = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1];

    /// <summary>Of shares of packets or audio that is missing.</summary>
    public static readonly double[] Shares = [0.0001, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5];

    /// <summary>Of mean opinion scores (ITU-T G.107 annex B: 4.03 satisfied, 3.6 some not, 3.1 many not, 2.58 nearly all not).</summary>
    public static readonly double[] Scores = [1.5, 2, 2.58, 3.1, 3.6, 4.03, 4.2, 4.34, 4.4];
}
