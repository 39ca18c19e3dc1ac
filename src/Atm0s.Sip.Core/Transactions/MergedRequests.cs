using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Finds requests that reach us twice over different paths (RFC 3261 §8.2.2.2): no To tag, and From tag, Call-ID and CSeq of an
/// ongoing transaction that is not the request's own. Such a request is answered 482. Not thread-safe: one per shard, which is
/// enough because the Call-ID chooses the shard.
/// </summary>
/// <remarks>
/// It remembers ongoing transactions only, those that merely linger too, and at most <c>capacity</c> of them; beyond that requests pass
/// unchecked.
/// </remarks>
internal sealed class MergedRequests
{
    private readonly HashSet<MatchKey> _ongoing = [];
    private readonly int _capacity;

    /// <summary>Creates an empty memory.</summary>
    /// <param name="capacity">Most transactions remembered.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public MergedRequests(int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Number of transactions remembered.</summary>
    public int Count => _ongoing.Count;

    /// <summary>Whether a request that matches no transaction is a merged copy of an ongoing one: answer 482.</summary>
    /// <param name="request">A received request without a transaction.</param>
    public bool IsMerged(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return IsCandidate(request) && _ongoing.Contains(KeyOf(request));
    }

    /// <summary>Remembers the transaction of a request until <see cref="Remove(ServerTransaction)"/>.</summary>
    /// <param name="request">The request that created it.</param>
    /// <param name="transaction">Its transaction.</param>
    public void Add(SipMessage request, ServerTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.MergeKey.IsEmpty)
            transaction.MergeKey = Add(request);
    }

    /// <summary>Remembers a request until <see cref="Remove(MatchKey)"/>.</summary>
    /// <param name="request">The request.</param>
    /// <returns>What it is remembered by; empty when it is not remembered.</returns>
    public MatchKey Add(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsCandidate(request) || _ongoing.Count >= _capacity)
            return default;
        var key = KeyOf(request);
        return _ongoing.Add(key) ? key : default;
    }

    /// <summary>Forgets a transaction; to be called when it has terminated. Harmless when it is not remembered.</summary>
    /// <param name="transaction">The transaction.</param>
    public void Remove(ServerTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Remove(transaction.MergeKey);
        transaction.MergeKey = default;
    }

    /// <summary>Forgets what <see cref="Add(SipMessage)"/> has given. Harmless when it is empty.</summary>
    public void Remove(MatchKey key)
    {
        if (!key.IsEmpty)
            _ongoing.Remove(key);
    }

    // RFC 3261 §8.2.2.2: no tag in To. An ACK has no answer, and a CANCEL belongs to the INVITE that took the same path (§9.2), which
    // may be the merged one: it gets its 200.
    private static bool IsCandidate(SipMessage request) =>
        request.ToTag.IsEmpty && request.Method is not (SipMethod.Ack or SipMethod.Cancel);

    private static MatchKey KeyOf(SipMessage request)
    {
        var builder = new MatchKeyBuilder(MatchKeyKind.Merged, stackalloc byte[MatchKeyBuilder.UsualLength]);
        builder.AppendToken(request.FromTag);
        builder.Append(request.CallId);
        builder.Append(request.CSeqNumber);
        builder.Append(request.MethodToken);
        return builder.Finish();
    }
}
