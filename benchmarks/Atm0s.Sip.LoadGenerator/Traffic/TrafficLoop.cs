using System.Security.Cryptography;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>One thread that sends, hears, repeats and counts.</summary>
internal sealed unsafe class TrafficLoop : IDisposable
{
    /// <summary>A request is sent again after 0.5, 1, 2 and 4 s, and given up 4 s later.</summary>
    public const int MaxRepetitions = 4;

    private const int MaxBatches = 8;
    private const long FirstWait = 500 * Clock.Millisecond;
    private readonly UdpPort _socket = new();
    private readonly SocketAddress4 _server;
    private readonly uint _run = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly List<Exchange> _exchanges = [];
    private readonly Stack<Exchange> _free = [];
    private readonly SipWriter _answer = new(UdpPort.MaxDatagram);

    /// <param name="target">The server.</param>
    /// <param name="withAudio">Whether calls send and hear.</param>
    public TrafficLoop(Target target, bool withAudio = false)
    {
        _server = target.Address;
        Passwords = new Passwords(target.Password);
        Audio = new AudioPort(withAudio);
        Requests = new RequestWriter(target, _run, _socket.Port);
    }

    public List<Workload> Workloads { get; } = [];

    public List<Flood> Floods { get; } = [];

    public TimerQueue Timers { get; } = new();

    public Passwords Passwords { get; }

    public AudioPort Audio { get; }

    public RequestWriter Requests { get; }

    /// <summary>What the kernel threw away because the generator was too slow.</summary>
    public long Drops => _socket.Drops + Audio.Drops + Floods.Sum(flood => flood.Drops);

    public long Sent => _socket.Sent;

    /// <summary>Requests that the server sent.</summary>
    public long ServerRequests { get; private set; }

    /// <summary>Goes on for a time, or until something is so.</summary>
    /// <param name="until">On <see cref="Clock"/>.</param>
    /// <param name="isDone">Looked at often; null is never.</param>
    /// <param name="everySecond">Is told the time.</param>
    public void Run(long until, Func<bool>? isDone = null, Action<long>? everySecond = null)
    {
        var second = Clock.Now + Clock.Second;
        for (var now = Clock.Now; now < until && isDone?.Invoke() != true; now = Clock.Now)
        {
            foreach (var workload in Workloads)
                workload.Begin(this, now);
            foreach (var flood in Floods)
                flood.Send(now);
            while (Timers.TryTake(now, out var exchange))
                exchange.Workload!.Script.OnTimer(this, exchange, now);
            Audio.Send(now);
            _socket.Flush();
            if (!Receive())
                Wait(Math.Min(until, second));
            if (now < second)
                continue;
            second += Clock.Second;
            everySecond?.Invoke(now);
        }
    }

    /// <summary>Begins nothing more, ends what would go on, and waits for the rest.</summary>
    /// <param name="patience">At most, in nanoseconds.</param>
    public void Drain(long patience = 12 * Clock.Second)
    {
        foreach (var workload in Workloads)
            workload.IsStopped = true;
        var now = Clock.Now;
        foreach (var exchange in _exchanges)
            exchange.Workload?.Script.Stop(this, exchange, now);
        Run(now + patience, () => Workloads.TrueForAll(workload => workload.IsDone));
    }

    public Exchange Open(Workload? workload)
    {
        if (!_free.TryPop(out var exchange))
            _exchanges.Add(exchange = new Exchange((uint)_exchanges.Count));
        exchange.Generation++;
        exchange.Workload = workload;
        exchange.Tally = workload?.Tally;
        exchange.Step = Step.Asked;
        exchange.Sequence = 1;
        exchange.Deadline = 0;
        exchange.AnsweredAt = 0;
        exchange.ToTag = default;
        return exchange;
    }

    /// <summary>Sends the exchange's message, and waits for its answer.</summary>
    public void Send(Exchange exchange, long now)
    {
        exchange.Repetitions = 0;
        SendOnce(exchange);
        Timers.Set(exchange, now + FirstWait);
    }

    public void SendOnce(Exchange exchange) => _socket.Send(exchange.Message.Written, exchange.Source, _server);

    /// <summary>No answer yet: sends the message again, or gives up.</summary>
    public void Repeat(Exchange exchange, long now)
    {
        if (exchange.Repetitions++ >= MaxRepetitions)
        {
            exchange.Workload!.Script.OnAbandoned(this, exchange, now);
            Close(exchange, 0);
            return;
        }

        exchange.Tally!.Retransmissions++;
        SendOnce(exchange);
        Timers.Set(exchange, now + Math.Min(FirstWait << exchange.Repetitions, 4 * Clock.Second));
    }

    /// <summary>The exchange has had its final answer: counts its time and closes it.</summary>
    public void End(Exchange exchange, int status, long now)
    {
        if (status is >= 200 and < 300)
            exchange.Tally!.Latency.Add(now - exchange.Due);
        else
            exchange.Tally!.RefusalLatency.Add(now - exchange.Due);
        Close(exchange, status);
    }

    /// <summary>The exchange is over.</summary>
    public void Close(Exchange exchange, int status)
    {
        if (status is >= 200 and < 300)
            exchange.Tally!.Succeed();
        else
            exchange.Tally!.Fail(status);
        exchange.Workload!.Outstanding--;
        exchange.Workload = null;
        exchange.Step = Step.Free;
        exchange.Generation++;
        _free.Push(exchange);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var flood in Floods)
            flood.Dispose();
        Audio.Dispose();
        _socket.Dispose();
    }

    private bool Receive()
    {
        var any = false;
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            var more = false;
            var count = _socket.Receive();
            var now = Clock.Now;
            for (var i = 0; i < count; i++)
                OnMessage(_socket.Message(i), _socket.From(i), now);
            more |= count > 0;
            if (Audio.IsUsed)
                more |= Audio.Receive(now);
            foreach (var flood in Floods)
                more |= flood.Receive();
            if (!more)
                break;
            any = true;
        }

        return any;
    }

    private void OnMessage(ReadOnlySpan<byte> message, SocketAddress4 from, long now)
    {
        var status = SipReader.Status(message);
        if (status == 0)
        {
            OnRequest(message, from, now);
            return;
        }

        if (BranchId.TryFind(message, out var branch) && TryGet(branch, out var exchange))
            exchange.Workload!.Script.OnResponse(this, exchange, status, branch.Sequence, message, now);
    }

    private void OnRequest(ReadOnlySpan<byte> message, SocketAddress4 from, long now)
    {
        var method = SipReader.Method(message);
        if (method.IsEmpty || method.SequenceEqual("ACK"u8))
            return;
        ServerRequests++;
        var known = BranchId.TryFindCall(message, out var call) & TryGet(call, out var exchange);
        ResponseWriter.Write(_answer.Begin(), message, known ? 200 : 481);
        _socket.Send(_answer.Written, known ? exchange!.Source : Loopback.Source(0), from);
        if (known)
            exchange!.Workload!.Script.OnRequest(this, exchange, method, now);
    }

    private bool TryGet(BranchId branch, out Exchange exchange)
    {
        exchange = null!;
        if (branch.Run != _run || branch.Slot >= _exchanges.Count)
            return false;
        exchange = _exchanges[(int)branch.Slot];
        return exchange.Generation == branch.Generation && exchange.Workload is not null;
    }

    private void Wait(long until)
    {
        var next = Math.Min(Math.Min(until, Timers.Next), Audio.Next);
        foreach (var workload in Workloads)
            next = Math.Min(next, workload.Next);
        foreach (var flood in Floods)
            next = Math.Min(next, flood.Next);
        var nanoseconds = Math.Clamp(next - Clock.Now, 0, Clock.Second);
        if (nanoseconds == 0)
            return;
        var time = stackalloc long[] { nanoseconds / Clock.Second, nanoseconds % Clock.Second };
        var count = 0;
        var entries = stackalloc PollEntry[2 + Floods.Count];
        entries[count++] = _socket.ForPoll;
        if (Audio.IsUsed)
            entries[count++] = Audio.ForPoll;
        foreach (var flood in Floods)
            entries[count++] = flood.ForPoll;
        _ = LibC.Poll(entries, (nuint)count, time, null);
    }
}
