namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>Rooms to fill.</summary>
internal sealed record LoadOptions
{
    /// <summary>Callers in one room.</summary>
    public int Callers { get; init; } = 100;

    /// <summary>Rooms with so many callers each.</summary>
    public int Rooms { get; init; } = 1;

    /// <summary>How many of a room talk; the others send nothing. 0 for all.</summary>
    public int Talkers { get; init; }

    /// <summary>Who is heard in RoomServer: the loudest so many, 0 for all; null for its default.</summary>
    public int? Speakers { get; init; }

    /// <summary>Whether the first round counts too, in which RoomServer is compiled while it runs.</summary>
    public bool CountsFresh { get; init; }

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
