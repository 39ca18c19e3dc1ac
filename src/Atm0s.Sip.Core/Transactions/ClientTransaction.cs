using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>A client transaction (RFC 3261 §17.1): sends one request until it is answered.</summary>
internal abstract class ClientTransaction : SipTransaction
{
    private protected ClientTransaction(
        TransactionKey key,
        SipMethod method,
        ReadOnlyMemory<byte> request,
        bool isReliable,
        SipTimers timers,
        IClientTransactionOutput output,
        TransactionState state)
        : base(key, isReliable, timers, state)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (request.IsEmpty)
            throw new ArgumentException("A client transaction needs its request.", nameof(request));
        Method = method;
        Request = request;
        Output = output;
    }

    /// <summary>Method of the request.</summary>
    public SipMethod Method { get; }

    /// <summary>Where it sends and reports to: on a shard, the exchange it belongs to.</summary>
    internal IClientTransactionOutput Output { get; }

    /// <summary>The request's bytes; empty as soon as they can no longer be needed.</summary>
    private protected ReadOnlyMemory<byte> Request { get; set; }

    private protected bool IsStarted { get; private set; }

    /// <summary>Sends the request and starts the timers.</summary>
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
    /// Sends the request once more as it is, over what its owner has found in place of a connection that closed; the timers go on.
    /// </summary>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False when something has been answered already, or nothing is wanted any more.</returns>
    public bool TryRepeat(TimeSpan now)
    {
        if (!IsStarted || State is not (TransactionState.Calling or TransactionState.Trying))
            return false;
        Send(now, Request);
        return true;
    }

    /// <summary>Takes a response whose <see cref="TransactionKey.ForResponse"/> is this transaction's key.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="response">The response; the caller keeps it and disposes it.</param>
    public abstract void OnResponse(TimeSpan now, SipMessage response);

    /// <inheritdoc/>
    public override void OnTransportError(TimeSpan now)
    {
        // RFC 3261 §17.1.4: inform the TU, go directly to Terminated. RFC 6026 §7.2 confirms it for clients. In Accepted (figure 5
        // of RFC 6026) nothing more is sent, so there is no such arrow; a non-INVITE in Completed likewise (figure 6).
        if (State is TransactionState.Terminated or TransactionState.Accepted
            || (State == TransactionState.Completed && this is NonInviteClientTransaction))
            return;
        Terminate(static (output, transaction) => output.OnTransportError(transaction));
    }

    private protected abstract void OnStart(TimeSpan now);

    private protected void Send(TimeSpan now, ReadOnlyMemory<byte> message)
    {
        if (!Output.Send(this, message))
            OnTransportError(now);
    }

    private protected void TimeOut() => Terminate(static (output, transaction) => output.OnTimeout(transaction));

    private protected void Terminate(Action<IClientTransactionOutput, ClientTransaction>? report = null)
    {
        if (State == TransactionState.Terminated)
            return;
        State = TransactionState.Terminated;
        StopTimers();
        Request = default;
        report?.Invoke(Output, this);
        Output.OnTerminated(this);
    }
}
