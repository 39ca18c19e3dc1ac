using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

/// <summary>A client and a server, each with table and queue as an engine has them, joined by a <see cref="LossyLink"/>.</summary>
internal sealed class LinkedPair : IClientTransactionOutput, IServerTransactionOutput, IInviteServer2xxOutput
{
    private readonly SipMethod _method;
    private readonly int _status;
    private readonly TimeSpan _think;
    private readonly bool _rings;
    private readonly TransactionTable _table = new();
    private readonly DeadlineQueue _queue = new();
    private readonly ClientAcks _acks = new();
    private readonly MergedRequests _merged = new();
    private readonly PriorityQueue<ServerTransaction, TimeSpan> _toAnswer = new();
    private readonly Dictionary<ServerTransaction, byte[]> _answers = [];
    private readonly Dictionary<ServerTransaction, InviteServer2xx> _repeaters = [];
    private readonly LossyLink _link;
    private readonly ClientTransaction _client;
    private TimeSpan _now;

    internal LinkedPair(SipMethod method, int status, TimeSpan think, bool rings, LossyLink link)
    {
        (_method, _status, _think, _rings, _link) = (method, status, think, rings, link);
        var request = Msg.Bytes(method == SipMethod.Invite ? "INVITE" : "OPTIONS");
        _client = method == SipMethod.Invite
            ? new InviteClientTransaction(Msg.Branch, request, false, SipTimers.Default, this)
            : new NonInviteClientTransaction(Msg.Branch, SipMethod.Options, request, false, SipTimers.Default, this);
        _table.TryAdd(_client);
        _client.Start(_now);
        _queue.Update(_client);
    }

    internal ClientTransaction Client => _client;

    internal List<int> Finals { get; } = [];

    internal int Timeouts { get; private set; }

    internal int ClientEnds { get; private set; }

    internal int ServersStarted { get; private set; }

    internal int ServerEnds { get; private set; }

    internal int ServerTimeouts { get; private set; }

    internal int Left => _table.ClientCount + _table.ServerCount + _queue.Count + _merged.Count;

    internal TimeSpan Now => _now;

    /// <summary>Runs until nothing is under way any more. False when virtual time runs out first.</summary>
    internal bool Run()
    {
        var cancelAt = TimeSpan.FromMinutes(3);
        while (_now < TimeSpan.FromMinutes(30))
        {
            var next = Earliest(_queue.Next, _link.Next);
            if (_toAnswer.TryPeek(out _, out var answerAt))
                next = Earliest(next, answerAt);
            // RFC 3261 §13.2.1, §9.1: who has waited long enough for a ringing peer gives up.
            if (_client is InviteClientTransaction { CanCancel: true } ringing)
            {
                next = Earliest(next, cancelAt);
                if (next == cancelAt)
                {
                    _now = cancelAt;
                    ringing.TryCancel(_now, out _);
                    _queue.Update(ringing);
                    continue;
                }
            }

            if (next is not { } at)
                return true;
            _now = at;
            if (_link.Next == at)
                Deliver();
            else if (_toAnswer.Count > 0 && answerAt == at)
                Answer(_toAnswer.Dequeue());
            _queue.RunDue(_now);
        }

        return false;
    }

    public bool Send(ClientTransaction transaction, ReadOnlyMemory<byte> message) => Fly(toServer: true, message);

    public bool Send(ServerTransaction transaction, ReadOnlyMemory<byte> response) => Fly(toServer: false, response);

    public void Send(InviteServer2xx sender, ReadOnlyMemory<byte> response) => Fly(toServer: false, response);

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        if (_method != SipMethod.Invite || response.StatusCode >= 300)
        {
            Finals.Add(response.StatusCode);
            return;
        }

        // RFC 3261 §13.2.2.4: each repetition of the 2xx gets the same ACK.
        if (!_acks.TryGet(response, out var ack))
        {
            Finals.Add(response.StatusCode);
            ack = Msg.Bytes("ACK", branch: "z9hG4bKackof2xx", toTag: Msg.Text(response.ToTag));
            _acks.TryAdd(response, ack);
        }

        Fly(toServer: true, ack);
    }

    public void OnTimeout(ClientTransaction transaction) => Timeouts++;

    public void OnTransportError(ClientTransaction transaction) => Assert.Fail("the link has no errors");

    public void OnTerminated(ClientTransaction transaction)
    {
        ClientEnds++;
        _table.Remove(transaction);
        _queue.Remove(transaction);
    }

    public void OnAck(ServerTransaction transaction, SipMessage ack) => Assert.Fail("the ACK of a 2xx has another branch");

    public void OnTimeout(ServerTransaction transaction) => ServerTimeouts++;

    public void OnTimeout(InviteServer2xx sender) => ServerTimeouts++;

    public void OnTransportError(ServerTransaction transaction) => Assert.Fail("the link has no errors");

    public void OnTerminated(ServerTransaction transaction)
    {
        ServerEnds++;
        _table.Remove(transaction);
        _queue.Remove(transaction);
        _merged.Remove(transaction);
    }

    private static TimeSpan? Earliest(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;

    private bool Fly(bool toServer, ReadOnlyMemory<byte> bytes)
    {
        _link.Send(_now, toServer, bytes);
        return true;
    }

    private void Deliver()
    {
        (var toServer, var bytes) = _link.Take();
        using var message = Msg.Parse(bytes.Span);
        if (toServer)
            AtServer(message);
        else if (_table.TryGetClient(message, out var client))
        {
            client.OnResponse(_now, message);
            _queue.Update(client);
        }
    }

    private void AtServer(SipMessage request)
    {
        if (_table.TryGetServer(request, out var known))
        {
            known.OnRequest(_now, request);
            _queue.Update(known);
        }
        else if (request.Method == SipMethod.Ack)
        {
            foreach (var repeater in _repeaters.Values.Where(_ => request.TopViaBranch.SequenceEqual("z9hG4bKackof2xx"u8)))
            {
                repeater.OnAck(request);
                _queue.Update(repeater);
            }
        }
        else
        {
            Begin(request);
        }
    }

    private void Begin(SipMessage request)
    {
        Assert.That(_merged.IsMerged(request), Is.False);
        ServerTransaction server = _method == SipMethod.Invite
            ? new InviteServerTransaction(request, false, SipTimers.Default, this)
            : new NonInviteServerTransaction(request, false, SipTimers.Default, this);
        _table.TryAdd(server);
        _merged.Add(request, server);
        server.Start(_now);
        ServersStarted++;
        if (server is NonInviteServerTransaction slow)
            slow.PrepareTrying(request);
        else if (_rings)
            server.Respond(_now, 180, Msg.Answer(request, 180));
        _answers[server] = Msg.Answer(request, _status);
        _toAnswer.Enqueue(server, _now + _think);
        _queue.Update(server);
    }

    private void Answer(ServerTransaction server)
    {
        if (!server.Respond(_now, _status, _answers[server]))
            return;
        _queue.Update(server);
        if (server is not InviteServerTransaction || _status >= 300)
            return;
        var repeater = new InviteServer2xx(1, _answers[server], SipTimers.Default, this);
        _repeaters.Add(server, repeater);
        repeater.Start(_now);
        _queue.Update(repeater);
    }
}
