using System.Text;
using System.Threading.Channels;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Keeps what transports tell, to be awaited.</summary>
internal sealed class RecordingSink : ISipTransportSink
{
    private readonly Channel<Received> _messages = Channel.CreateUnbounded<Received>();
    private readonly Channel<(SipRefusal, int)> _refusals = Channel.CreateUnbounded<(SipRefusal, int)>();
    private readonly Channel<SipFlow> _closed = Channel.CreateUnbounded<SipFlow>();
    private int _calls;
    private long _overflow;
    private int _unsent;

    /// <summary>Callbacks so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Runs inside OnMessage.</summary>
    public Action? Inside { get; set; }

    /// <summary>Runs inside OnFlowClosed.</summary>
    public Action? InsideClosed { get; set; }

    /// <summary>Datagrams that the system dropped.</summary>
    public long Overflow => Interlocked.Read(ref _overflow);

    /// <summary>Messages that could not be sent.</summary>
    public int Unsent => Volatile.Read(ref _unsent);

    /// <summary>Gets the flow inside OnMessage, on the receiving thread.</summary>
    public Action<SipFlow>? OnThread { get; set; }

    public int MessagesWaiting => _messages.Reader.Count;

    public int RefusalsWaiting => _refusals.Reader.Count;

    public int ClosedWaiting => _closed.Reader.Count;

    public Task<Received> NextAsync() => Net.Within(_messages.Reader.ReadAsync());

    public Task<(SipRefusal Refusal, int Bytes)> NextRefusalAsync() => Net.Within(_refusals.Reader.ReadAsync());

    public Task<SipFlow> NextClosedAsync() => Net.Within(_closed.Reader.ReadAsync());

    public void OnMessage(SipFlow flow, SipMessage message)
    {
        Inside?.Invoke();
        OnThread?.Invoke(flow);
        Interlocked.Increment(ref _calls);
        using (message)
            _messages.Writer.TryWrite(
                new Received(flow, Encoding.ASCII.GetString(message.CallId), message.Refusal, message.RemoteEndPoint));
    }

    public void OnRefused(SipRefusal refusal, int bytes)
    {
        Interlocked.Increment(ref _calls);
        _refusals.Writer.TryWrite((refusal, bytes));
    }

    public void OnFlowClosed(SipFlow flow)
    {
        InsideClosed?.Invoke();
        Interlocked.Increment(ref _calls);
        _closed.Writer.TryWrite(flow);
    }

    public void OnReceiveOverflow(long datagrams) => Interlocked.Add(ref _overflow, datagrams);

    public void OnSendFailed(SipFlow flow) => Interlocked.Increment(ref _unsent);
}
