using Atm0s.Sip.Server;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>The INVITE of an outgoing call (RFC 3261 §13.2.1), and its repetition with credentials.</summary>
internal sealed class OutgoingInvite
{
    private readonly SipStack _stack;
    private readonly OutboundTarget _target;
    private readonly byte[] _offer;
    private readonly ChallengeAnswer _answer;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;
    private readonly IReadOnlyList<(SipHeaderId Id, string Value)> _fields;

    public OutgoingInvite(SipStack stack, OutboundTarget target, CallInfo info, string localTag, OutgoingCallOptions options, byte[] offer)
    {
        _stack = stack;
        _target = target;
        _offer = offer;
        _headers = options.Participant.Headers;
        _fields = options.Referral?.Fields ?? [];
        _answer = new ChallengeAnswer(options.Credentials, stack.Ids.NewTag);
        Builder = new RequestBuilder
        {
            Method = SipMethod.Invite,
            RequestUri = target.RequestUri,
            From = $"sip:{SipEscapes.EscapeUser(info.From)}@{target.FromHost}",
            FromDisplayName = options.DisplayName,
            FromTag = localTag,
            To = target.ToUri,
            CallId = info.SipCallId,
            CSeq = stack.Ids.NewCSeq(),
            Contact = target.Flow.ContactFor(info.From),
            Routes = target.Routes,
        };
    }

    public RequestBuilder Builder { get; }

    /// <summary>Writes the request with a new branch.</summary>
    public (string Branch, byte[] Message) Write()
    {
        var branch = _stack.Ids.NewBranch();
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        Builder.Begin(ref writer, _target.Flow.NewVia(branch));
        WriteCredentials(writer);
        writer.Header(SipHeaderId.Allow, _stack.Capabilities.Allow.Span);
        writer.Header(SipHeaderId.Supported, _stack.Capabilities.Supported.Span);
        if (_stack.Options.Product is { } product)
            writer.Header(SipHeaderId.UserAgent, product);
        foreach (var (id, value) in _fields)
            writer.Header(id, value);
        foreach (var (name, value) in _headers)
            writer.Header(name, value);
        writer.Body("application/sdp"u8, _offer);
        return (branch, buffer.WrittenSpan.ToArray());
    }

    /// <summary>Writes the credentials of the last attempt, also into its ACK.</summary>
    public void WriteCredentials(SipWriter writer) => _answer.Write(writer);

    /// <summary>Takes the challenge of a 401 or 407. False when there is no password for it, or it has been refused.</summary>
    public bool TryAuthenticate(SipMessage response)
    {
        if (!_answer.TryTake(response, "INVITE", Builder.RequestUri))
            return false;
        Builder.CSeq++;
        return true;
    }
}
