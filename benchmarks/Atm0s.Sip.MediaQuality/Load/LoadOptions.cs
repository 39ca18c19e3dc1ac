namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>A room to fill.</summary>
internal sealed record LoadOptions
{
    /// <summary>Callers in one room; all talk.</summary>
    public int Callers { get; init; } = 100;

    /// <summary>Time that is measured in each round.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Time before it.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often each bridge has its turn; they alternate, as the machine has fast and slow minutes.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Codec of all callers.</summary>
    public string Codec { get; init; } = "PCMA";

    /// <summary>Suite of SRTP that a second RoomServer speaks with its callers; empty for none, and for Janus as the second.</summary>
    public string Suite { get; init; } = "";
}
