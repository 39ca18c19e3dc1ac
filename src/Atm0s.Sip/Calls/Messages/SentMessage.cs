using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>
/// A MESSAGE of ours outside of a dialog (RFC 3428 §4), sent again with credentials when it is challenged. On the shard of its Call-ID.
/// </summary>
internal sealed class SentMessage : IClientExchangeUser
{
    // RFC 3428 §8: over a transport without congestion control a message outside of a session has 1,300 bytes at most.
    private const int MaxOverUdp = 1300;

    private readonly SipStack _stack;
    private readonly OutboundTarget _target;
    private readonly RequestBuilder _builder;
    private readonly ChallengeAnswer _answer;
    private readonly byte[] _contentType;
    private readonly byte[] _body;
    private readonly TaskCompletionSource<MessageResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SentMessage(SipStack stack, OutboundTarget target, string from, string text, SendMessageOptions options)
    {
        _stack = stack;
        _target = target;
        _contentType = Encoding.ASCII.GetBytes(options.ContentType);
        _body = Encoding.UTF8.GetBytes(text);
        _answer = new ChallengeAnswer(options.Credentials, stack.Ids.NewTag);
        _builder = new RequestBuilder
        {
            Method = SipMethod.Message,
            RequestUri = target.RequestUri,
            From = $"sip:{SipEscapes.EscapeUser(from)}@{target.FromHost}",
            FromTag = stack.Ids.NewTag(),
            To = target.ToUri,
            CallId = stack.Ids.NewCallId(),
            CSeq = stack.Ids.NewCSeq(),
            Routes = target.Routes,
        };
    }

    /// <summary>What becomes of it.</summary>
    public Task<MessageResult> Done => _done.Task;

    /// <summary>Sends it. Any thread.</summary>
    public void Post() => _stack.ShardOf(Encoding.UTF8.GetBytes(_builder.CallId)).Post(Send);

    /// <summary>The server stops.</summary>
    public void Abandon() => _done.TrySetResult(new MessageResult(MessageStatus.Unreachable));

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        if (response.StatusCode is 401 or 407 && _answer.TryTake(response, "MESSAGE", _builder.RequestUri))
        {
            _builder.CSeq++;
            Send(shard);
            return;
        }

        _done.TrySetResult(MessageResult.Of(response.StatusCode, isAnswer: true));
    }

    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) =>
        _done.TrySetResult(MessageResult.Of(408, isAnswer: false));

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) =>
        _done.TrySetResult(MessageResult.Of(503, isAnswer: false));

    private void Send(SipShard shard)
    {
        try
        {
            var (branch, message) = Write();
            if (!_target.Flow.IsReliable && message.Length > MaxOverUdp)
                _done.TrySetResult(new MessageResult(MessageStatus.NotPossible));
            else
                shard.Send(_target.Flow, SipMethod.Message, branch, message, this);
        }
        catch (ArgumentException)
        {
            // What a phone has registered can be read but not be written into a request.
            _done.TrySetResult(new MessageResult(MessageStatus.Unreachable));
        }
    }

    private (string Branch, byte[] Message) Write()
    {
        var branch = _stack.Ids.NewBranch();
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        _builder.Begin(ref writer, _target.Flow.NewVia(branch));
        _answer.Write(writer);
        if (_stack.Options.Product is { } product)
            writer.Header(SipHeaderId.UserAgent, product);
        writer.Body(_contentType, _body);
        return (branch, buffer.WrittenSpan.ToArray());
    }
}
