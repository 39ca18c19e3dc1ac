using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Client;

/// <summary>
/// Keeps the way to a server open while we are registered over it, so that neither the server nor a NAT between takes it for dead, and
/// finds out when it is (RFC 5626 §4.4). On the shard of its registration.
/// </summary>
internal sealed class KeepAlive : IClientExchangeUser
{
    // RFC 5626 §4.4.1: the pong has 10 s; where the server says nothing of it the interval is from 95 to 120 s, 80 to 100 % of what it says
    // else.
    private static readonly TimeSpan PongTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionInterval = TimeSpan.FromSeconds(120);
    private const double Shortest = 0.8;

    // §4.4.2: 24 to 29 s, for many a NAT forgets after 30.
    private static readonly TimeSpan DatagramInterval = TimeSpan.FromSeconds(29);

    private readonly SipShard _shard;
    private readonly UdpKeepAlive _overUdp;
    private readonly RequestBuilder _options;
    private readonly Action _onLost;
    private readonly SipTimer _timer;
    private SipFlow? _flow;
    private TimeSpan? _flowTimer;

    /// <param name="shard">Where it lives.</param>
    /// <param name="overUdp">What is sent over UDP.</param>
    /// <param name="serverUri">Request-URI of an OPTIONS.</param>
    /// <param name="addressOfRecord">Who we are.</param>
    /// <param name="callId">Call-ID of the registration: it leads to the shard.</param>
    /// <param name="onLost">Called when the server does not answer, or nothing can be sent.</param>
    public KeepAlive(
        SipShard shard, UdpKeepAlive overUdp, string serverUri, string addressOfRecord, string callId, Action onLost)
    {
        _shard = shard;
        _overUdp = overUdp;
        _onLost = onLost;
        _timer = new SipTimer(shard, _ => Send());
        _options = new RequestBuilder
        {
            Method = SipMethod.Options,
            RequestUri = serverUri,
            From = addressOfRecord,
            FromTag = shard.Stack.Ids.NewTag(),
            To = serverUri,
            CallId = callId,
            CSeq = shard.Stack.Ids.NewCSeq(),
        };
    }

    /// <summary>We are registered over this way from now on.</summary>
    /// <param name="flow">The way.</param>
    /// <param name="flowTimer">Flow-Timer of the response (RFC 5626 §5.4): the server waits for so long, and answers.</param>
    public void Start(SipFlow flow, TimeSpan? flowTimer)
    {
        (_flow, _flowTimer) = (flow, flowTimer);
        Arm();
    }

    /// <summary>We are not registered any more.</summary>
    public void Stop()
    {
        _flow = null;
        _timer.Cancel();
    }

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        // Whatever it says: it is there.
    }

    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) => OnNoAnswer(exchange);

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) => OnNoAnswer(exchange);

    private void Arm()
    {
        if (_flow is null || (!_flow.IsReliable && _overUdp == UdpKeepAlive.Off))
        {
            _timer.Cancel();
            return;
        }

        // Each time another one: RFC 5626 §4.4.1.
        var chance = _shard.Stack.Ids.Next(1000) / 1000.0;
        var longest = _flowTimer ?? (_flow.IsReliable ? ConnectionInterval : DatagramInterval);
        var shortest = _flow.IsReliable || _flowTimer is not null ? longest * Shortest : TimeSpan.FromSeconds(24);
        _timer.Set(shortest + ((longest - shortest) * chance));
    }

    private void Send()
    {
        if (_flow is not { } flow)
            return;
        var isSent = flow.IsReliable ? flow.TryPing(PongTime, isPongSure: _flowTimer is not null)
            : _overUdp == UdpKeepAlive.Options ? SendOptions(flow)
            : flow.TrySend("\r\n\r\n"u8);
        if (isSent)
            Arm();
        else
            _onLost();
    }

    private bool SendOptions(SipFlow flow)
    {
        _options.CSeq++;
        var branch = _shard.Stack.Ids.NewBranch();
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        _options.Begin(ref writer, flow.NewVia(branch));
        writer.End();
        _shard.Send(flow, SipMethod.Options, branch, buffer.WrittenSpan.ToArray(), this);
        return true;
    }

    private void OnNoAnswer(ClientExchange exchange)
    {
        if (_flow is { } flow && flow.Equals(exchange.Flow))
            _onLost();
    }
}
