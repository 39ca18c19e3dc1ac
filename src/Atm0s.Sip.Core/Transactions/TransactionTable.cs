using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The live transactions of one shard. Looking one up allocates nothing. Bounded: when full, the caller answers 503 statelessly.
/// Not thread-safe.
/// </summary>
internal sealed class TransactionTable
{
    private readonly Dictionary<MatchKey, ClientTransaction> _clients = new(MatchKeyComparer.Instance);
    private readonly Dictionary<MatchKey, ServerTransaction> _servers = new(MatchKeyComparer.Instance);
    private readonly int _reserve;
    private readonly Dictionary<MatchKey, ClientTransaction>.AlternateLookup<ReadOnlySpan<byte>> _clientsByBytes;
    private readonly Dictionary<MatchKey, ServerTransaction>.AlternateLookup<ReadOnlySpan<byte>> _serversByBytes;

    /// <summary>Creates an empty table.</summary>
    /// <param name="maxServerTransactions">Most server transactions at a time. Client transactions are the application's own and
    /// not limited here.</param>
    /// <param name="reserve">Further ones for requests that belong to a dialog or transaction that is there already.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxServerTransactions"/> is less than 1, or <paramref name="reserve"/>
    /// less than 0.</exception>
    public TransactionTable(int maxServerTransactions = 100_000, int reserve = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxServerTransactions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(reserve);
        MaxServerTransactions = maxServerTransactions;
        _reserve = reserve;
        _clientsByBytes = _clients.GetAlternateLookup<ReadOnlySpan<byte>>();
        _serversByBytes = _servers.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Server transactions at a time, without the reserve.</summary>
    public int MaxServerTransactions { get; }

    /// <summary>Number of client transactions.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Number of server transactions.</summary>
    public int ServerCount => _servers.Count;

    /// <summary>Whether no further server transaction of a new request fits: answer 503 with Retry-After without a transaction.</summary>
    public bool IsFull => _servers.Count >= MaxServerTransactions;

    /// <summary>Enters a transaction.</summary>
    /// <param name="transaction">A transaction that is not terminated.</param>
    /// <param name="useReserve">Whether a server transaction may take a place of the reserve: its request belongs to a dialog or
    /// transaction that is there already.</param>
    /// <returns>False when its key is taken, or it is a server transaction and the table is full.</returns>
    public bool TryAdd(SipTransaction transaction, bool useReserve = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction switch
        {
            ClientTransaction client => _clients.TryAdd(client.Key.Match, client),
            ServerTransaction server => HasRoom(useReserve) && _servers.TryAdd(server.Key.Match, server),
            _ => false,
        };
    }

    /// <summary>Takes a transaction out; harmless when it is not in the table.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <returns>Whether it was in the table.</returns>
    public bool Remove(SipTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        // Only the object itself: another transaction may have taken the key.
        return transaction switch
        {
            ClientTransaction client =>
                _clients.TryGetValue(client.Key.Match, out var found) && found == client && _clients.Remove(client.Key.Match),
            ServerTransaction server =>
                _servers.TryGetValue(server.Key.Match, out var found) && found == server && _servers.Remove(server.Key.Match),
            _ => false,
        };
    }

    /// <summary>The client transaction of a response (RFC 3261 §17.1.3). None: drop the response (RFC 6026 §7.2).</summary>
    /// <param name="response">A received response.</param>
    /// <param name="transaction">The transaction.</param>
    public bool TryGetClient(SipMessage response, [NotNullWhen(true)] out ClientTransaction? transaction)
    {
        ArgumentNullException.ThrowIfNull(response);
        var key = new MatchKeyBuilder(MatchKeyKind.Client, stackalloc byte[MatchKeyBuilder.MaxLength]);
        TransactionKey.AppendClient(ref key, response.TopViaBranch, response.CSeqMethodToken);
        var found = _clientsByBytes.TryGetValue(key.Finish(), out transaction);
        key.Dispose();
        return found;
    }

    /// <summary>
    /// The server transaction of a request (RFC 3261 §17.2.3); an ACK finds its INVITE. None: a new request, or an ACK that
    /// belongs to a dialog (after a 2xx) or to nothing (ignore it).
    /// </summary>
    /// <param name="request">A received request.</param>
    /// <param name="transaction">The transaction.</param>
    public bool TryGetServer(SipMessage request, [NotNullWhen(true)] out ServerTransaction? transaction)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryGetServer(request, TransactionKey.MethodOf(request), out transaction);
    }

    /// <summary>
    /// The transaction that a CANCEL means (RFC 3261 §9.2): as if the CANCEL had any other method but ACK. None: answer 481.
    /// Found: answer 200, and if it is an INVITE without a final response, answer that 487.
    /// </summary>
    /// <param name="cancel">A received CANCEL.</param>
    /// <param name="transaction">The transaction.</param>
    public bool TryGetCancelled(SipMessage cancel, [NotNullWhen(true)] out ServerTransaction? transaction)
    {
        ArgumentNullException.ThrowIfNull(cancel);
        if (TryGetServer(cancel, SipMethod.Invite.ToToken(), out transaction))
            return true;
        for (var method = SipMethod.Bye; method <= SipMethod.Publish; method++)
        {
            if (method is not SipMethod.Cancel && TryGetServer(cancel, method.ToToken(), out transaction))
                return true;
        }

        return false;
    }

    private bool HasRoom(bool useReserve) => _servers.Count < MaxServerTransactions + (useReserve ? _reserve : 0);

    private bool TryGetServer(SipMessage request, ReadOnlySpan<byte> methodToken, [NotNullWhen(true)] out ServerTransaction? transaction)
    {
        var key = TransactionKey.BuildServer(request, methodToken, stackalloc byte[MatchKeyBuilder.MaxLength]);
        var found = _serversByBytes.TryGetValue(key.Finish(), out transaction);
        key.Dispose();
        return found;
    }
}
