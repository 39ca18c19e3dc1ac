using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The dialogs of one shard, each with what the application keeps for it. Looking one up allocates nothing. Not thread-safe.
/// </summary>
/// <typeparam name="T">What stands behind a dialog, a call leg for instance.</typeparam>
internal sealed class DialogTable<T>
    where T : class
{
    private readonly Dictionary<MatchKey, T> _entries = [];

    /// <summary>Number of dialogs.</summary>
    public int Count => _entries.Count;

    /// <summary>Enters a dialog.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="value">What stands behind it.</param>
    /// <returns>False when the identifier is taken.</returns>
    public bool TryAdd(DialogId id, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return !id.IsEmpty && _entries.TryAdd(id.Match, value);
    }

    /// <summary>Takes a dialog out; harmless when it is not in the table.</summary>
    /// <param name="id">Its identifier.</param>
    /// <returns>Whether it was in the table.</returns>
    public bool Remove(DialogId id) => !id.IsEmpty && _entries.Remove(id.Match);

    /// <summary>The dialog of a received request. None, and the request has a To tag: answer 481 (RFC 3261 §12.2.2).</summary>
    /// <param name="request">A received request.</param>
    /// <param name="value">What stands behind the dialog.</param>
    public bool TryGetForRequest(SipMessage request, [NotNullWhen(true)] out T? value)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryGet(request.CallId, request.ToTag, request.FromTag, out value);
    }

    /// <summary>The dialog with these parts (Replaces, RFC 3891 §3; Target-Dialog).</summary>
    /// <param name="callId">Call-ID.</param>
    /// <param name="localTag">Our tag.</param>
    /// <param name="remoteTag">The peer's tag.</param>
    /// <param name="value">What stands behind the dialog.</param>
    public bool TryGet(
        ReadOnlySpan<byte> callId, ReadOnlySpan<byte> localTag, ReadOnlySpan<byte> remoteTag, [NotNullWhen(true)] out T? value)
    {
        var key = DialogId.Build(callId, localTag, remoteTag, stackalloc byte[MatchKeyBuilder.UsualLength]);
        return _entries.TryGetValue(key.Finish(), out value);
    }
}
