namespace Atm0s.Sip.Testing;

/// <summary>How badly a virtual network treats SIP packets.</summary>
public sealed record LinkConditions
{
    /// <summary>Share of packets that are lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Share of packets that come twice, 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>Share of packets that are held back so that later ones overtake them, 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>Time a packet takes. Default 5 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Further time that a packet held back takes. Default 60 ms.</summary>
    public TimeSpan HeldBack { get; init; } = TimeSpan.FromMilliseconds(60);
}
