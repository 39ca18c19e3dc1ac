using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Media;

/// <summary>How the media engine runs.</summary>
public sealed record MediaEngineOptions
{
    /// <summary>First UDP port, default 40000.</summary>
    public int FirstPort { get; init; } = 40000;

    /// <summary>Last UDP port, default 59999. Each leg takes two.</summary>
    public int LastPort { get; init; } = 59999;

    /// <summary>Media threads, default 1; at least 1. One carries about 1,000 legs of G.711.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// What rooms begin with as <see cref="Mixing.MixRoom.MaxSpeakers"/>: 1 to 16, or <see cref="Mixing.MixRoom.AllSpeakers"/>; default 3.
    /// </summary>
    public int MaxSpeakers { get; init; } = 3;

    /// <summary>
    /// Differentiated services code point of RTP and RTCP (RFC 2474), 0 to 63; default 0: not set. Voice has 46, EF (RFC 4594 §4.1).
    /// Windows ignores it.
    /// </summary>
    public int Dscp { get; init; }

    /// <summary>Silence after which <see cref="Mixing.IRtpLegObserver.OnMediaTimeout"/> is told, default 30 s; zero is never.</summary>
    public TimeSpan LegTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes the meter of the engine; null, the default, makes one that belongs to nobody.</summary>
    public IMeterFactory? MeterFactory { get; init; }
}
