using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Hooks.Routing;

/// <summary>
/// Knows what becomes of a call to each number, and who may call it. Entries may come and go at any time, on any thread; looking one up
/// costs the same for any number of them.
/// </summary>
/// <remarks>A number that is not in the book is rejected with 404, a caller that may not call it with 403.</remarks>
public sealed class AddressBook : IInviteHandler
{
    private readonly ConcurrentDictionary<string, AddressBookEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Numbers in the book.</summary>
    public int Count => _entries.Count;

    /// <summary>Puts an entry in, in place of one with the same number.</summary>
    /// <param name="entry">The entry.</param>
    public AddressBook Set(AddressBookEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _entries[entry.Number] = entry;
        return this;
    }

    /// <summary>A number that leads to a room.</summary>
    /// <param name="number">The number.</param>
    /// <param name="roomId">The room; 1 to 256 characters.</param>
    public AddressBook Set(string number, string roomId) =>
        Set(new AddressBookEntry { Number = number, Handler = InviteHandlers.Always(InviteDecision.JoinRoom(roomId)) });

    /// <summary>Takes a number out.</summary>
    /// <param name="number">The number.</param>
    /// <returns>False when it was not in.</returns>
    public bool Remove(string number) => _entries.TryRemove(number, out _);

    /// <summary>Finds the entry of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="entry">Its entry.</param>
    public bool TryGet(string number, [NotNullWhen(true)] out AddressBookEntry? entry) => _entries.TryGetValue(number, out entry);

    /// <inheritdoc/>
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invite);
        if (!TryGet(invite.To, out var entry))
            return ValueTask.FromResult(InviteDecision.Reject(404));
        return MayCall(invite, entry) ? entry.Handler.HandleInviteAsync(invite, cancellationToken)
            : ValueTask.FromResult(InviteDecision.Reject(403));
    }

    private static bool MayCall(InviteRequest invite, AddressBookEntry entry) =>
        (entry.Networks is null || entry.Networks.Contains(invite.Source.Address))
        && (entry.Users is null || (invite.Username is { } user && entry.Users.Contains(user)))
        && (entry.Trunk is null || string.Equals(entry.Trunk, invite.Trunk, StringComparison.Ordinal));
}
