using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The transactions of one shard. Looking one up allocates nothing. Bounded in number and in bytes: when there is no room, those that
/// merely linger give way, and when that is not enough, the caller answers 503 statelessly. Not thread-safe.
/// </summary>
internal sealed class TransactionTable
{
    private readonly Dictionary<MatchKey, ClientTransaction> _clients = [];
    private readonly Dictionary<MatchKey, ServerTransaction> _servers = [];
    private readonly int _reserve;
    private readonly long _maxBytes;
    private readonly long _reservedBytes;
    private long _liveBytes;
    private long _evicted;

    /// <summary>
    /// Creates an empty table.
    /// </summary>
    /// <param name="maxServerTransactions">Most server transactions at a time. Client transactions are the application's own and
    /// not limited here.</param>
    /// <param name="reserve">Further ones for requests that belong to a dialog or transaction that is there already, and in the same
    /// proportion further bytes.</param>
    /// <param name="maxBytes">Most bytes that server transactions take.</param>
    /// <param name="merged">Where their requests are remembered; null makes one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxServerTransactions"/> or <paramref name="maxBytes"/> is less than
    /// 1, or <paramref name="reserve"/> less than 0.</exception>
    public TransactionTable(
        int maxServerTransactions = 100_000, int reserve = 0, long maxBytes = long.MaxValue / 4, MergedRequests? merged = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxServerTransactions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(reserve);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        MaxServerTransactions = maxServerTransactions;
        _reserve = reserve;
        _maxBytes = maxBytes;
        _reservedBytes = (long)((double)maxBytes * reserve / maxServerTransactions);
        Lingering = new LingeringTransactions(merged ?? new MergedRequests(maxServerTransactions + reserve));
        Sweep = new LingerSweep(Lingering);
    }

    /// <summary>Server transactions at a time, without the reserve.</summary>
    public int MaxServerTransactions { get; }

    /// <summary>Number of client transactions.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Number of server transactions, at work and lingering.</summary>
    public int ServerCount => LiveCount + Lingering.Count;

    /// <summary>Number of server transactions that are at work.</summary>
    public int LiveCount => _servers.Count;

    /// <summary>Those that merely linger.</summary>
    public LingeringTransactions Lingering { get; }

    /// <summary>Their deadline.</summary>
    public LingerSweep Sweep { get; }

    /// <summary>Bytes that the server transactions take.</summary>
    public long Bytes => _liveBytes + Lingering.Bytes;

    /// <summary>Lingering ones that had to give way so far.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>
    /// Whether no further server transaction of a new request fits, whatever gives way: answer 503 with Retry-After without a transaction.
    /// </summary>
    public bool IsFull => !Fits(1, useReserve: false);

    /// <summary>As <see cref="IsFull"/>, for the transaction of this request.</summary>
    /// <param name="request">A received request.</param>
    public bool IsFullFor(SipMessage request) => !Fits(ServerTransaction.CostOf(request), useReserve: false);

    /// <summary>Enters a transaction.</summary>
    /// <param name="transaction">A transaction that is not terminated.</param>
    /// <param name="useReserve">Whether a server transaction may take a place of the reserve: its request belongs to a dialog or
    /// transaction that is there already.</param>
    /// <returns>False when its key is taken, or it is a server transaction and there is no room.</returns>
    public bool TryAdd(SipTransaction transaction, bool useReserve = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction switch
        {
            ClientTransaction client => _clients.TryAdd(client.Key.Match, client),
            ServerTransaction server => TryAdd(server, useReserve),
            _ => false,
        };
    }

    /// <summary>Keeps what is left of a transaction instead of it.</summary>
    /// <param name="transaction">A transaction that is quiet; in the table or not.</param>
    /// <param name="rest">What is left of it.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="localTag">Our tag, for who has no response to keep.</param>
    public void Linger(ServerTransaction transaction, in LingerRest rest, TimeSpan now, ReadOnlySpan<byte> localTag)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Remove(transaction);
        Linger(
            transaction.Key,
            transaction.MergeKey,
            rest.Kind,
            now + rest.Wait,
            rest.Response.IsEmpty ? localTag : rest.Response.Span,
            transaction.RequestLength);
        transaction.MergeKey = default;
    }

    /// <summary>Keeps what is left of a transaction that never was at work.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="merge">What its request is remembered by.</param>
    /// <param name="kind">How far it is.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="content">Its response, or our tag.</param>
    /// <param name="requestLength">Length of its request; 0 where it is not asked for.</param>
    public void Linger(
        TransactionKey key, MatchKey merge, LingerKind kind, TimeSpan end, ReadOnlySpan<byte> content, ushort requestLength = 0)
    {
        if (Lingering.TryTake(key.Match, LingerKind.Trying, out var remembered) && merge.IsEmpty)
            merge = remembered;
        if (!MakeRoom(LingeringTransactions.SizeOf(content.Length), useReserve: true)
            || !Lingering.TryAdd(key.Match, merge, kind, end, content, requestLength))
            Lingering.Forget(merge);
    }

    /// <summary>Whether a request has a transaction that answers it, or has answered it.</summary>
    /// <param name="key">Its key.</param>
    public bool IsTaken(TransactionKey key) =>
        _servers.ContainsKey(key.Match) || (Lingering.TryGet(key.Match, out var left) && left.Kind != LingerKind.Trying);

    /// <summary>Forgets a request whose repetitions were discarded; harmless when it is not there.</summary>
    /// <param name="key">Its key.</param>
    public void Forget(TransactionKey key)
    {
        if (Lingering.TryTake(key.Match, LingerKind.Trying, out var merge))
            Lingering.Forget(merge);
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
            ServerTransaction server => Remove(server),
            _ => false,
        };
    }

    /// <summary>The client transaction of a response (RFC 3261 §17.1.3). None: drop the response (RFC 6026 §7.2).</summary>
    /// <param name="response">A received response.</param>
    /// <param name="transaction">The transaction.</param>
    public bool TryGetClient(SipMessage response, [NotNullWhen(true)] out ClientTransaction? transaction)
    {
        ArgumentNullException.ThrowIfNull(response);
        return _clients.TryGetValue(TransactionKey.ForResponse(response).Match, out transaction);
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
        return TryGetServer(TransactionKey.ForRequest(request), out transaction);
    }

    /// <summary>The server transaction with a key that is at work; <see cref="Lingering"/> has the others.</summary>
    /// <param name="key">The key.</param>
    /// <param name="transaction">The transaction.</param>
    public bool TryGetServer(TransactionKey key, [NotNullWhen(true)] out ServerTransaction? transaction) =>
        _servers.TryGetValue(key.Match, out transaction);

    /// <summary>
    /// The key of the transaction that a CANCEL means (RFC 3261 §9.2): as if the CANCEL had any other method but ACK. None: answer 481.
    /// Found: answer 200, and if it is an INVITE without a final response, answer that 487.
    /// </summary>
    /// <param name="cancel">A received CANCEL.</param>
    /// <param name="key">The key, of a transaction that is at work or lingers.</param>
    public bool TryGetCancelled(SipMessage cancel, out TransactionKey key)
    {
        ArgumentNullException.ThrowIfNull(cancel);
        if (TryFind(cancel, SipMethod.Invite, out key))
            return true;
        for (var method = SipMethod.Bye; method <= SipMethod.Publish; method++)
        {
            if (method is not SipMethod.Cancel && TryFind(cancel, method, out key))
                return true;
        }

        return false;
    }

    private bool TryFind(SipMessage cancel, SipMethod method, out TransactionKey key)
    {
        key = TransactionKey.ForRequestAs(cancel, method);
        return _servers.ContainsKey(key.Match) || Lingering.Contains(key.Match);
    }

    private bool TryAdd(ServerTransaction server, bool useReserve)
    {
        if (Lingering.Contains(server.Key.Match)
            || _servers.ContainsKey(server.Key.Match)
            || !MakeRoom(server.Cost, useReserve))
            return false;
        _servers.Add(server.Key.Match, server);
        _liveBytes += server.Cost;
        return true;
    }

    private bool Remove(ServerTransaction server)
    {
        if (!_servers.TryGetValue(server.Key.Match, out var found) || found != server)
            return false;
        _liveBytes -= server.Cost;
        return _servers.Remove(server.Key.Match);
    }

    // Those that are answered give way to those that are not, whether these may use the reserve or not.
    private bool MakeRoom(int bytes, bool useReserve)
    {
        if (!Fits(bytes, useReserve))
            return false;
        while ((ServerCount >= MaxCount(useReserve) || Bytes + bytes > MaxBytes(useReserve)) && Lingering.TryEvict())
            Volatile.Write(ref _evicted, _evicted + 1);
        return true;
    }

    private bool Fits(int bytes, bool useReserve) =>
        LiveCount < MaxCount(useReserve) && _liveBytes + bytes <= MaxBytes(useReserve);

    private int MaxCount(bool useReserve) => MaxServerTransactions + (useReserve ? _reserve : 0);

    private long MaxBytes(bool useReserve) => _maxBytes + (useReserve ? _reservedBytes : 0);
}
