namespace Atm0s.Sip.Hooks.Routing;

/// <summary>One number of an <see cref="AddressBook"/>.</summary>
public sealed record AddressBookEntry
{
    /// <summary>The number or name that is dialled.</summary>
    public required string Number { get; init; }

    /// <summary>What becomes of a call to it.</summary>
    public required IInviteHandler Handler { get; init; }

    /// <summary>Addresses that may call it; null allows all.</summary>
    public NetworkSet? Networks { get; init; }

    /// <summary>Authenticated users that may call it; null allows all, unknown callers included.</summary>
    public IReadOnlyCollection<string>? Users { get; init; }

    /// <summary>Trunk over which it may be called; null allows every way.</summary>
    public string? Trunk { get; init; }
}
