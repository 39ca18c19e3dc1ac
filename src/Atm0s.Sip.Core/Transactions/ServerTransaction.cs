using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>A server transaction (RFC 3261 §17.2): answers one request and each of its retransmissions.</summary>
internal abstract class ServerTransaction : SipTransaction
{
    // The machine, its exchange and their places in the tables.
    private const int ObjectBytes = 512;

    private protected ServerTransaction(
        SipMessage request, bool isReliable, SipTimers timers, IServerTransactionOutput output, TransactionState state)
        : base(TransactionKey.ForRequest(request), isReliable, timers, state)
    {
        ArgumentNullException.ThrowIfNull(output);
        Method = request.Method;
        Output = output;
        Cost = CostOf(request);
        RequestLength = LengthOf(request);
    }

    /// <summary>Method of the request.</summary>
    public SipMethod Method { get; }

    /// <summary>Whether a final response has been given.</summary>
    public bool HasFinalResponse =>
        State is TransactionState.Completed or TransactionState.Accepted or TransactionState.Confirmed or TransactionState.Terminated;

    /// <summary>
    /// Bytes that it counts for while it is at work: its objects, and twice its request, for its 100 and its last response repeat the Via
    /// fields, and its user keeps a copy.
    /// </summary>
    internal int Cost { get; }

    /// <summary>Length of the request: a repetition is as long.</summary>
    internal ushort RequestLength { get; }

    /// <summary>
    /// What is left of it; null as long as it has something to do, or would have to tell its user of a time-out.
    /// </summary>
    internal abstract LingerRest? Rest { get; }

    /// <summary>RFC 3261 §8.2.2.2: what a merged copy of the request is found by; kept by <see cref="MergedRequests"/>.</summary>
    internal MatchKey MergeKey { get; set; }

    /// <summary>Where it sends and reports to: on a shard, the exchange it belongs to.</summary>
    internal IServerTransactionOutput Output { get; }

    /// <summary>The last response sent, which answers retransmissions.</summary>
    private protected ReadOnlyMemory<byte> Response { get; set; }

    /// <summary>The automatic 100, until it is sent or not needed any more.</summary>
    private protected ReadOnlyMemory<byte> Trying { get; set; }

    private protected bool IsStarted { get; private set; }

    /// <summary><see cref="Cost"/> of the transaction of a request.</summary>
    internal static int CostOf(SipMessage request) => ObjectBytes + (2 * request.Raw.Length);

    /// <summary><see cref="RequestLength"/> of a request; what is longer than any datagram counts as the longest.</summary>
    internal static ushort LengthOf(SipMessage request) => (ushort)Math.Min(request.Raw.Length, ushort.MaxValue);

    /// <summary>Starts the timers. The caller passes the request to the application itself.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <exception cref="InvalidOperationException">Called twice.</exception>
    public void Start(TimeSpan now)
    {
        if (IsStarted)
            throw new InvalidOperationException("The transaction has been started.");
        IsStarted = true;
        OnStart(now);
    }

    /// <summary>
    /// Takes a request whose <see cref="TransactionKey.ForRequest"/> is this transaction's key: a retransmission, or the ACK of an
    /// INVITE. Not for the request that created the transaction.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="request">The request; the caller keeps it and disposes it.</param>
    public abstract void OnRequest(TimeSpan now, SipMessage request);

    /// <summary>Sends a response of the application.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="status">Its status code, 100 to 699.</param>
    /// <param name="response">The whole response; must not change afterwards. An array of exactly its size keeps memory low.</param>
    /// <returns>False when the state (or RFC 4320) does not allow it: nothing was sent and nothing changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is not 100 to 699.</exception>
    public bool Respond(TimeSpan now, int status, ReadOnlyMemory<byte> response)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        return IsStarted && OnRespond(now, status, response);
    }

    /// <inheritdoc/>
    public override void OnTransportError(TimeSpan now)
    {
        // RFC 6026 §8.8: inform the TU, remain in the current state; the timers end the transaction. In Confirmed nothing is sent.
        if (State is not (TransactionState.Terminated or TransactionState.Confirmed))
            Output.OnTransportError(this);
    }

    /// <summary>Ends at once: a further copy of the request is a new request.</summary>
    internal void Forget() => Terminate();

    /// <summary>Its owner keeps <see cref="Rest"/> instead of it: it is not asked again by the clock, nor by a message.</summary>
    internal void Leave()
    {
        StopTimers();
        Response = default;
    }

    private protected abstract void OnStart(TimeSpan now);

    private protected abstract bool OnRespond(TimeSpan now, int status, ReadOnlyMemory<byte> response);

    // RFC 3261 §8.2.6.2: a 100 needs no To tag.
    private protected static byte[] CreateTrying(SipMessage request) =>
        SipResponseWriter.Create(request, 100, null, default);

    private protected void Send(TimeSpan now, ReadOnlyMemory<byte> response)
    {
        if (!Output.Send(this, response))
            OnTransportError(now);
    }

    // RFC 4320 §4.2: after the time-out nothing may be answered any more, so the state is Terminated when the application hears of it.
    private protected void TimeOut() => Terminate(static (output, transaction) => output.OnTimeout(transaction));

    private protected void Terminate(Action<IServerTransactionOutput, ServerTransaction>? report = null)
    {
        if (State == TransactionState.Terminated)
            return;
        State = TransactionState.Terminated;
        StopTimers();
        Response = default;
        Trying = default;
        report?.Invoke(Output, this);
        Output.OnTerminated(this);
    }
}
