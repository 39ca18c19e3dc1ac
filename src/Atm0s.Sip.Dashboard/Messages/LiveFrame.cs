namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>One update of the page. What did not change is left out.</summary>
internal sealed record LiveFrame
{
    /// <summary>Number of the update.</summary>
    public required long Sequence { get; init; }

    /// <summary>Whether this is all there is, in place of what the page had.</summary>
    public bool Full { get; init; }

    /// <summary>The server's time; Unix time in milliseconds.</summary>
    public required long Now { get; init; }

    public Rows<CallRow>? Calls { get; init; }

    /// <summary>
    /// What calls sound like, where it changed: five numbers each: the call's, level in dBov, MOS in hundredths (0 for unknown), jitter in
    /// tenths of a millisecond, and loss of the last two seconds in thousandths.
    /// </summary>
    public IReadOnlyList<int>? Pulse { get; init; }

    public Rows<RoomRow>? Rooms { get; init; }

    public Rows<PhoneRow>? Phones { get; init; }

    public Rows<TrunkRow>? Trunks { get; init; }

    public Rows<EndedRow>? Ended { get; init; }

    public Rows<RefusalRow>? Refusals { get; init; }

    /// <summary>The seconds that passed since the last update; of a full one the last ten minutes.</summary>
    public IReadOnlyList<Second>? Seconds { get; init; }

    /// <summary>Calls that never came to be, and those that broke off, newest last.</summary>
    public IReadOnlyList<Happening>? Happenings { get; init; }
}
