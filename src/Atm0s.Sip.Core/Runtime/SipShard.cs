using System.Collections.Concurrent;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// One loop over a queue that alone touches its transactions, dialogs, calls and deadlines, so none of them locks.
/// All messages of one Call-ID come to the same shard. It runs when there is work, never twice at once: on the receiving thread that woke
/// it (<see cref="ShardTurn"/>), else on the scheduler.
/// </summary>
internal sealed class SipShard : IThreadPoolWorkItem, IDisposable
{
    private const int MaxBrief = 4096;
    private const int ItemsPerTurn = 256;
    private const int DeadlinesPerTurn = 256;

    // The timer of a shard wakes a thread at most fifty times a second; a deadline that comes sooner is late by so much at most.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<Item> _queue = new();
    private readonly DeadlineQueue _deadlines = new();
    private readonly LingerSweep _sweep;
    private readonly List<ServerExchange> _unattended = [];
    private readonly ByConnection<ServerExchange> _invitesByConnection = new();
    private readonly ByConnection<ClientExchange> _clientsByConnection = new();
    private readonly ITimer _timer;
    private readonly ILogger _logger;
    private TimeSpan _armed = TimeSpan.MaxValue;
    private TimeSpan _notBefore;
    private bool _isLate;
    private int _waitingMessages;
    private int _scheduled;         // 1: somebody has the right to run it, and will
    private volatile bool _stopped;

    internal SipShard(int index, SipStack stack)
    {
        Index = index;
        Stack = stack;
        _logger = stack.Logger;
        Merged = new MergedRequests(stack.Options.MaxTransactions);
        Transactions = new TransactionTable(
            stack.Options.MaxTransactions, stack.Options.MaxTransactions / 4, stack.Options.MaxTransactionBytes, Merged);
        _sweep = new LingerSweep(Transactions.Lingering);
        Dispatcher = new RequestDispatcher(this);
        Governor = new LoadGovernor(stack.Options.MaxQueueTime);
        _timer = stack.Clock.TimeProvider.CreateTimer(
            static shard => ((SipShard)shard!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Number of the shard, from 0.</summary>
    public int Index { get; }

    /// <summary>The stack it belongs to.</summary>
    public SipStack Stack { get; }

    /// <summary>Time of the current piece of work (monotonic, since the stack was made). On the shard only.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Dialogs on this shard. On the shard only.</summary>
    public DialogTable<IDialogUser> Dialogs { get; } = new();

    /// <summary>Earliest deadline, or null. For drivers of virtual time, which run the shard themselves.</summary>
    public TimeSpan? NextDeadline => _deadlines.Next;

    internal TransactionTable Transactions { get; }

    internal MergedRequests Merged { get; }

    internal RequestDispatcher Dispatcher { get; }

    /// <summary>How much new work it takes.</summary>
    internal LoadGovernor Governor { get; }

    /// <summary>Whether a part of the new requests is refused because messages wait too long. Any thread.</summary>
    public bool IsOverloaded => Governor.IsOverloadedAt(Stack.Clock.Now);

    /// <summary>Runs a piece of work on the shard, after everything posted before. Any thread. Never refused.</summary>
    public void Post(Action<SipShard> work) => Enqueue(new Item(work, null, null));

    /// <summary>Makes the server transaction of a request and names who answers it.</summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request; not kept.</param>
    /// <param name="user">Is told of CANCEL and of failure; null when nobody cares.</param>
    /// <returns>Null when the request has a transaction already, or there is no room for one.</returns>
    public ServerExchange? Accept(SipFlow flow, SipMessage request, IServerExchangeUser? user)
    {
        var exchange = new ServerExchange(this, flow, request, user);
        var belongs = !request.ToTag.IsEmpty || request.Method == SipMethod.Cancel;
        if (!Transactions.TryAdd(exchange.Transaction, useReserve: belongs))
            return null;
        Merged.Add(request, exchange.Transaction);
        if (flow.IsReliable && request.Method == SipMethod.Invite)
            _invitesByConnection.Add(exchange.Flow, exchange);
        exchange.Start();
        return exchange;
    }

    /// <summary>
    /// Has the repetitions of a request that is no INVITE discarded until <see cref="Respond"/>, which is called within the same turn: for
    /// what has to be asked, but is answered before anything else is.
    /// </summary>
    /// <param name="request">The request, which has no transaction yet; not kept.</param>
    public void Absorb(SipMessage request)
    {
        var end = Now + Stack.Options.Timers.TransactionTimeout;
        Transactions.Linger(TransactionKey.ForRequest(request), Merged.Add(request), LingerKind.Trying, end, default);
        RescheduleLingering();
    }

    /// <summary>
    /// Answers a request that is no INVITE at once: its transaction begins Completed (RFC 3261 §17.2.2), so there is no machine and no
    /// exchange, only what a repetition gets. When there is no room for that, a repetition is a new request.
    /// </summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request, which has no transaction yet; not kept.</param>
    /// <param name="response">The whole final response, no 408 (RFC 4320 §4.2); copied.</param>
    /// <returns>False when it is answered, or waits for an answer, in a transaction already: nothing was sent.</returns>
    public bool Respond(SipFlow flow, SipMessage request, ReadOnlySpan<byte> response)
    {
        var key = TransactionKey.ForRequest(request);
        if (Transactions.IsTaken(key))
            return false;
        // RFC 3261 §18.2.2: when the connection has closed meanwhile, over another one.
        if (!Stack.TrySend(ResponseTarget.For(flow, request), response) && flow.IsReliable && flow.IsClosed)
            Stack.TryGetFlow(flow.Protocol, ResponseTarget.Reopened(flow, request.TopVia.Port), flow.KnownPeer)?.TrySend(response);
        var wait = Stack.Options.Timers.TimerJ(flow.IsReliable);
        if (wait == TimeSpan.Zero)
            Transactions.Forget(key);
        else
            Transactions.Linger(key, Merged.Add(request), LingerKind.Answered, Now + wait, response, ServerTransaction.LengthOf(request));
        RescheduleLingering();
        return true;
    }

    /// <summary>
    /// Answers a request once that was absorbed, and forgets it (RFC 3261 §8.2.7): for who has not shown who he is.
    /// </summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request.</param>
    /// <param name="response">The whole response.</param>
    public void RespondOnce(SipFlow flow, SipMessage request, ReadOnlySpan<byte> response)
    {
        RespondStateless(flow, request, response);
        Transactions.Forget(TransactionKey.ForRequest(request));
        RescheduleLingering();
    }

    /// <summary>Sends a request in a new client transaction.</summary>
    /// <param name="flow">Where to send it.</param>
    /// <param name="method">Its method, not ACK.</param>
    /// <param name="branch">Branch of its top Via.</param>
    /// <param name="request">The whole message; kept for retransmissions.</param>
    /// <param name="user">Gets the responses; never called before this returns. Null when nobody cares.</param>
    /// <exception cref="ArgumentException">The branch is in use.</exception>
    public ClientExchange Send(SipFlow flow, SipMethod method, string branch, ReadOnlyMemory<byte> request, IClientExchangeUser? user)
    {
        var exchange = new ClientExchange(this, flow, method, branch, request, user);
        if (!Transactions.TryAdd(exchange.Transaction))
            throw new ArgumentException("A branch identifies one transaction and is not used again.", nameof(branch));
        if (flow.IsReliable)
            _clientsByConnection.Add(flow, exchange);
        exchange.Start();
        return exchange;
    }

    /// <summary>Answers without a transaction (RFC 3261 §8.2.7): nothing is kept, a retransmission is simply answered again.</summary>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request.</param>
    /// <param name="response">The whole response, without a body; over UDP shortened where it is long for its request.</param>
    public static void RespondStateless(SipFlow flow, SipMessage request, ReadOnlySpan<byte> response)
    {
        var target = ResponseTarget.For(flow, request);
        var max = BriefResponse.MaxLength(request);
        if (flow.IsReliable || response.Length <= max)
        {
            target.TrySend(response);
            return;
        }

        // No answer to a short request is long.
        if (response.Length > MaxBrief)
            return;
        Span<byte> brief = stackalloc byte[MaxBrief];
        if (BriefResponse.TryWrite(response, max, brief, out var length))
            target.TrySend(brief[..length]);
    }

    /// <summary>Stops the timer. What is queued is dropped.</summary>
    public void Dispose()
    {
        _stopped = true;
        _timer.Dispose();
    }

    internal void PostMessage(SipFlow flow, SipMessage message)
    {
        // What belongs to something has a quarter more, so that running calls can be ended.
        var capacity = Stack.Options.QueueCapacity;
        if (Interlocked.Increment(ref _waitingMessages) > (message.OpensNothing ? capacity + (capacity / 4) : capacity))
        {
            Interlocked.Decrement(ref _waitingMessages);
            Stack.Metrics.Dropped(DropReason.ShardQueueFull);
            message.Dispose();
            return;
        }

        Enqueue(new Item(null, flow, message, Stack.Clock.Now));
    }

    /// <summary>
    /// Answers the INVITE of an exchange when the current piece of work leaves it without a user and without a final response.
    /// </summary>
    internal void LookAfter(ServerExchange exchange) => _unattended.Add(exchange);

    internal void Reschedule(IDeadlineItem item) => _deadlines.Update(item);

    /// <summary>What lingers has changed.</summary>
    internal void RescheduleLingering() => _deadlines.Update(_sweep);

    /// <summary>Keeps what is left of a transaction instead of it.</summary>
    internal void Linger(ServerTransaction transaction, in LingerRest rest, ReadOnlySpan<byte> localTag)
    {
        _deadlines.Remove(transaction);
        Transactions.Linger(transaction, rest, Now, localTag);
        RescheduleLingering();
    }

    /// <summary>The exchange need not hear any more when its connection closes.</summary>
    internal void ForgetConnection(ServerExchange exchange)
    {
        if (exchange.Transaction is InviteServerTransaction { IsReliable: true })
            _invitesByConnection.Remove(exchange.Flow, exchange);
    }

    /// <summary>The request of an exchange goes over another connection.</summary>
    internal void MoveTo(ClientExchange exchange, SipFlow flow)
    {
        _clientsByConnection.Remove(exchange.Flow, exchange);
        _clientsByConnection.Add(flow, exchange);
    }

    internal void Remove(SipTransaction transaction)
    {
        _deadlines.Remove(transaction);
        Transactions.Remove(transaction);
        if (transaction is ServerTransaction server)
        {
            Merged.Remove(server);
            ForgetConnection((ServerExchange)server.Output);
        }
        else if (transaction is ClientTransaction { Output: ClientExchange exchange })
            _clientsByConnection.Remove(exchange.Flow, exchange);
    }

    internal void OnFlowClosed(SipFlow flow)
    {
        foreach (var exchange in _clientsByConnection.Of(flow))
            exchange.OnFlowFailed(flow);
        _clientsByConnection.Forget(flow);
        foreach (var exchange in _invitesByConnection.Of(flow))
            exchange.OnFlowFailed();
        _invitesByConnection.Forget(flow);
    }

    /// <summary>Runs what waits, up to a limit, and what is due. Only for who has the right to run it, and has not let go yet.</summary>
    /// <param name="limit">Pieces of work, at most.</param>
    /// <returns>Number of pieces.</returns>
    internal int Run(int limit)
    {
        limit = Math.Min(limit, ItemsPerTurn);
        var ran = 0;
        try
        {
            // In passing, and before what comes: what is over by the clock is over for the next message.
            Now = Stack.Clock.Now;
            if (Transactions.Lingering.End(Now, DeadlinesPerTurn) > 0)
                RescheduleLingering();
            while (ran < limit && _queue.TryDequeue(out var item))
            {
                ran++;
                Now = Stack.Clock.Now;
                Run(item);
            }

            Now = Stack.Clock.Now;
            ran += RunDue();
            Arm();
        }
#pragma warning disable CA1031 // Who runs the shard holds the right to it, and gives it back: else nobody would run it ever again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);
        }

        return ran;
    }

    /// <summary>
    /// Lets go of the right to run it. When there is more to do by then, and nobody else has taken the right, the caller has it still.
    /// </summary>
    /// <returns>True when it has let go.</returns>
    internal bool TryLetGo()
    {
        // A full fence: or the look into the queue could come before others see that nobody runs it, and what they post meanwhile would
        // wait for the next one.
        var isLate = _isLate;
        Interlocked.Exchange(ref _scheduled, 0);
        return (_queue.IsEmpty && !isLate) || !TryTake();
    }

    /// <summary>Takes the right to run it, if nobody has it. Who has it looks again before it lets go.</summary>
    internal bool TryTake() => !_stopped && Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Has the scheduler run it; for who has the right.</summary>
    internal void RunOnPool() => Stack.Scheduler.Schedule(this);

    void IThreadPoolWorkItem.Execute()
    {
        Run(ItemsPerTurn);
        if (!TryLetGo())
            RunOnPool();
    }

    private void Receive(SipFlow flow, SipMessage message, TimeSpan at)
    {
        var behind = Interlocked.Decrement(ref _waitingMessages);
        if (Governor.OnTaken(Now, Now - at, behind))
            StackLog.Overloaded(_logger, Index, Stack.Options.MaxQueueTime);
        using (message)
        {
            Stack.Tap?.OnReceived(flow, message);
            if (message.IsRequest)
                Dispatcher.OnRequest(flow, message);
            else
                OnResponse(message);
        }
    }

    // RFC 3261 §18.1.2, RFC 6026 §7.2: a response that matches no client transaction is dropped.
    private void OnResponse(SipMessage response)
    {
        if (response.Refusal == SipRefusal.None && Transactions.TryGetClient(response, out var transaction))
            ((ClientExchange)transaction.Output).OnResponse(response);
        else
            Stack.Metrics.Dropped(DropReason.StrayResponse);
    }

    private void Run(in Item item)
    {
        try
        {
            if (item.Work is { } work)
                work(this);
            else
                Receive(item.Flow!, item.Message!, item.At);
        }
#pragma warning disable CA1031 // One broken call must not take the shard's other calls with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);
        }

        if (_unattended.Count > 0)
            AnswerUnattended();
    }

    private void Run(IDeadlineItem due)
    {
        try
        {
            due.OnDeadline(Now);
        }
#pragma warning disable CA1031 // One broken call must not take the shard's other calls with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(exception);
        }

        if (_unattended.Count > 0)
            AnswerUnattended();
    }

    private int RunDue()
    {
        var ran = 0;
        while (ran < DeadlinesPerTurn && _deadlines.TryPopDue(Now, out var due))
        {
            Run(due);
            _deadlines.Update(due);
            ran++;
        }

        _isLate = ran == DeadlinesPerTurn;
        return ran;
    }

    private void OnFailed(Exception exception)
    {
        try
        {
            Stack.Metrics.Dropped(DropReason.InternalError);
            StackLog.ShardWorkFailed(_logger, exception, Index);
        }
#pragma warning disable CA1031 // A log that throws too must not stop the shard.
        catch
#pragma warning restore CA1031
        {
        }
    }

    // RFC 3261 §17.2.1: a server transaction of an INVITE waits for its final response without a limit, so somebody must always stand for
    // it.
    private void AnswerUnattended()
    {
        foreach (var exchange in _unattended)
        {
            try
            {
                if (exchange.IsUnattended && exchange.TryGiveUp())
                    StackLog.InviteGivenUp(_logger, exchange.Flow);
            }
#pragma warning disable CA1031 // One broken call must not take the shard's other calls with it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                OnFailed(exception);
            }
        }

        _unattended.Clear();
    }

    private void Arm()
    {
        var next = _deadlines.Next ?? TimeSpan.MaxValue;
        if (next < _notBefore)
            next = _notBefore;
        if (next == _armed || _stopped)
            return;
        _armed = next;
        if (next == TimeSpan.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds and may fire early: round up.
        var wait = Math.Max(1, Math.Ceiling((next - Now).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer() => Post(static shard =>
    {
        shard._armed = TimeSpan.MaxValue;
        shard._notBefore = shard.Now + Grain;
    });

    private void Enqueue(in Item item)
    {
        _queue.Enqueue(item);
        Wake();
    }

    private void Wake()
    {
        if (!TryTake())
            return;
        if (ShardTurn.Current is { } turn)
            turn.Add(this);
        else
            RunOnPool();
    }

    // A received message, or any other piece of work: one of both is there.
    private readonly record struct Item(Action<SipShard>? Work, SipFlow? Flow, SipMessage? Message, TimeSpan At = default);
}
