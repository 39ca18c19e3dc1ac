namespace Atm0s.Sip.Testing;

/// <summary>How an in-memory media network treats datagrams. Delays need a network with a clock.</summary>
public sealed record MediaConditions
{
    /// <summary>Share of datagrams that are lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Time that each datagram takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Further time, evenly from zero to this. Later datagrams overtake earlier ones unless <see cref="KeepsOrder"/>.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether a datagram never overtakes another one to the same socket. Default true.</summary>
    public bool KeepsOrder { get; init; } = true;
}
