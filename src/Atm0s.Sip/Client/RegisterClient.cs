using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Client;

/// <summary>
/// Registers one contact with a server and keeps it registered (RFC 3261 §10.2). On one shard; <see cref="RunAsync"/> from any thread.
/// </summary>
internal sealed class RegisterClient : IClientExchangeUser
{
    // RFC 5626 §4.5: the server may be starting anew.
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);

    private readonly SipShard _shard;
    private readonly string _user;
    private SipFlow _flow;
    private string _contact;
    private readonly RequestBuilder _builder;
    private readonly SipTimer _refresh;
    private readonly KeepAlive _keepAlive;
    private readonly ChallengeAnswer _answer;
    private readonly RegisterRetry _retry = new();
    private TimeSpan _begunAt;
    private TimeSpan _asked;
    private TimeSpan _wanted;
    private TaskCompletionSource<RegisterOutcome>? _pending;
    private bool _briefSeen;
    private SipFlow? _held;

    public RegisterClient(SipStack stack, SipFlow flow, string registrarUri, string addressOfRecord, string user,
        SipCredentials? credentials, string? callId = null, UdpKeepAlive udpKeepAlive = UdpKeepAlive.Off)
    {
        callId ??= stack.Ids.NewCallId();
        _shard = stack.ShardOf(Encoding.UTF8.GetBytes(callId));
        _user = user;
        _flow = flow;
        _contact = flow.ContactFor(user);
        _answer = new ChallengeAnswer(credentials, stack.Ids.NewTag);
        _refresh = new SipTimer(_shard, _ => Refresh());
        _keepAlive = new KeepAlive(_shard, udpKeepAlive, registrarUri, addressOfRecord, callId, OnLost);
        _builder = new RequestBuilder
        {
            Method = SipMethod.Register,
            RequestUri = registrarUri,
            From = addressOfRecord,
            FromTag = stack.Ids.NewTag(),
            To = addressOfRecord,
            // RFC 3261 §10.2: one Call-ID for all registrations of a client, with a growing CSeq.
            CallId = callId,
            CSeq = stack.Ids.NewCSeq(),
        };
    }

    /// <summary>The way to the server.</summary>
    public SipFlow Flow => _flow;

    /// <summary>Whether the server has us in its list.</summary>
    public bool IsRegistered => _held is not null;

    /// <summary>
    /// Finds the way to the server for another attempt. When it is set, a registration that fails is tried again by itself until it is
    /// taken back; else that is left to who is told of the outcome.
    /// </summary>
    public Func<SipFlow?>? FindWay { get; init; }

    /// <summary>Is told, on the shard, how each attempt ended: also the refreshes, which nobody waits for.</summary>
    public Action<RegisterOutcome>? OnOutcome { get; init; }

    /// <summary>Is told, on the shard, of each attempt whether it is registered, and how long that took (RFC 6076 §4.1).</summary>
    public Action<bool, TimeSpan>? OnAnswered { get; init; }

    /// <summary>Is told, on the shard, that the server does not answer any more; when it is null, it is registered with anew.</summary>
    public Action? OnServerLost { get; init; }

    /// <summary>
    /// A connection is gone. When we were registered over it, nobody can call us any more: with <see cref="FindWay"/> it is registered anew
    /// in a moment. Any thread.
    /// </summary>
    public void OnFlowClosed(SipFlow flow) => _shard.Post(_ =>
    {
        if (FindWay is not null && _held is { } held && held.Equals(flow))
            _refresh.Set(ReconnectDelay * (1 + (_shard.Stack.Ids.Next(1000) / 1000.0)));
    });

    /// <summary>Registers for so long, or unregisters with zero.</summary>
    public Task<RegisterOutcome> RunAsync(TimeSpan expires)
    {
        var pending = new TaskCompletionSource<RegisterOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(_ =>
        {
            _pending?.TrySetResult(new RegisterOutcome(487, TimeSpan.Zero));
            _pending = pending;
            Run(null, expires);
        });
        return pending.Task;
    }

    /// <summary>Registers for so long, or unregisters with zero. On the shard.</summary>
    /// <param name="flow">The way to take from now on; null keeps the one there is.</param>
    /// <param name="expires">Time to ask for.</param>
    public void Run(SipFlow? flow, TimeSpan expires)
    {
        if (flow is not null && !flow.Equals(_flow))
        {
            _flow = flow;
            _contact = flow.ContactFor(_user);
        }

        _asked = expires;
        Begin();
    }

    /// <summary>Refreshes no more. On the shard.</summary>
    public void Cancel() => _refresh.Cancel();

    public void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        // The one it was sent over may have closed, and another taken its place.
        _flow = exchange.Flow;
        switch (response.StatusCode)
        {
            case < 200:
                break;
            case < 300:
                OnSuccess(response);
                break;
            case 401 or 407 when _answer.TryTake(response, "REGISTER", _builder.RequestUri):
                Send();
                break;
            // RFC 3261 §10.2.8
            case 423 when !_briefSeen && response.TryGetHeader(SipHeaderId.MinExpires, out var value)
                && Utf8Parser.TryParse(value, out uint seconds, out _):
                _briefSeen = true;
                _wanted = TimeSpan.FromSeconds(seconds);
                Send();
                break;
            default:
                Complete(new RegisterOutcome(response.StatusCode, TimeSpan.Zero) { RetryAfter = RetryAfterOf(response) });
                break;
        }
    }

    public void OnTimeout(SipShard shard, ClientExchange exchange) => Complete(new RegisterOutcome(408, TimeSpan.Zero));

    public void OnTransportError(SipShard shard, ClientExchange exchange) => Complete(new RegisterOutcome(503, TimeSpan.Zero));

    private void Begin()
    {
        _begunAt = _shard.Stack.Clock.Now;
        _wanted = _asked;
        _briefSeen = false;
        _answer.Reset();
        Send();
    }

    private void Refresh()
    {
        // The connection may be gone, or lead to where the server is no more.
        if (FindWay is { } find && (_held is null || _flow.IsClosed) && find() is { } flow)
            Run(flow, _asked);
        else
            Begin();
    }

    private void Send()
    {
        _refresh.Cancel();
        _builder.CSeq++;
        var branch = _shard.Stack.Ids.NewBranch();
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        _builder.Begin(ref writer, _flow.NewVia(branch));
        writer.Header(SipHeaderId.Contact, $"<{_contact}>");
        writer.Header(SipHeaderId.Expires, ((long)_wanted.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        _answer.Write(writer);
        if (_shard.Stack.Options.Product is { } product)
            writer.Header(SipHeaderId.UserAgent, product);
        writer.End();
        _shard.Send(_flow, SipMethod.Register, branch, buffer.WrittenSpan.ToArray(), this);
    }

    // While it is registered the server calls over this way.
    private void Keep(SipFlow? flow, TimeSpan? flowTimer)
    {
        flow?.Hold();
        _held?.Release();
        _held = flow;
        if (flow is null)
            _keepAlive.Stop();
        else
            _keepAlive.Start(flow, flowTimer);
    }

    private void OnLost()
    {
        if (_held is null)
            return;
        if (OnServerLost is { } tell)
            tell();
        else
            Refresh();
    }

    private void OnSuccess(SipMessage response)
    {
        var granted = _wanted == TimeSpan.Zero ? TimeSpan.Zero : GrantedBy(response);
        if (granted > TimeSpan.Zero)
        {
            // The refresh may meet a new nonce; that is no wrong password.
            _answer.Reset();
            _refresh.Set(granted * 0.8);
        }

        // RFC 5626 §5.4
        var flowTimer = response.TryGetHeader("Flow-Timer"u8, out var text) && SipChars.TryReadNumber(text, 86_400, out var seconds)
            && seconds > 0
            ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        Complete(new RegisterOutcome(response.StatusCode, granted), flowTimer);
    }

    // RFC 3261 §10.2.4: our contact among those listed, with the time it has.
    private TimeSpan GrantedBy(SipMessage response)
    {
        var ours = SipUriView.TryParse(Encoding.UTF8.GetBytes(_contact), out var own);
        uint? shortest = null;
        var (count, only) = (0, default(uint?));
        foreach (var value in response.GetValues(SipHeaderId.Contact))
        {
            if (!NameAddressView.TryParse(value, out var contact) || !SipUriView.TryParse(contact.Uri, out var uri))
                continue;
            count++;
            if (!contact.TryGetParameter("expires"u8, out var text) || !SipChars.TryReadNumber(text, int.MaxValue, out var expires))
                continue;
            if (ours && SipUriView.AreEquivalent(uri, own))
                return TimeSpan.FromSeconds(expires);
            only = expires;
            // Under another address, as the server or a NAT before it sees us: the user is still ours. What has no time left is an old one.
            if (ours && expires > 0 && uri.User.SequenceEqual(own.User) && (shortest is null || expires < shortest))
                shortest = expires;
        }

        if ((shortest ?? (count == 1 ? only : null)) is { } granted)
            return TimeSpan.FromSeconds(granted);
        // Or it says nothing of our contact: then it is what we asked for.
        return response.TryGetHeader(SipHeaderId.Expires, out var all) && SipChars.TryReadNumber(all, int.MaxValue, out var every)
            ? TimeSpan.FromSeconds(every) : _wanted;
    }

    // RFC 3261 §20.33: seconds, then perhaps a comment and parameters.
    private static TimeSpan? RetryAfterOf(SipMessage response)
    {
        if (!response.TryGetHeader(SipHeaderId.RetryAfter, out var value))
            return null;
        var end = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return SipChars.TryReadNumber(end < 0 ? value : value[..end], int.MaxValue, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null;
    }

    private void Complete(RegisterOutcome outcome, TimeSpan? flowTimer = null)
    {
        Keep(outcome.Expires > TimeSpan.Zero ? _flow : null, flowTimer);
        if (outcome.IsRegistered)
            _retry.Reset();
        else if (FindWay is not null && _asked > TimeSpan.Zero)
            _refresh.Set(_retry.Next(outcome, _shard.Stack.Ids.Next(1000) / 1000.0));
        if (_asked > TimeSpan.Zero)
            OnAnswered?.Invoke(outcome.IsRegistered, _shard.Stack.Clock.Now - _begunAt);
        OnOutcome?.Invoke(outcome);
        _pending?.TrySetResult(outcome);
        _pending = null;
    }
}
