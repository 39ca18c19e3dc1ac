using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>The INVITE of an outgoing call (RFC 3261 §13.2.1), and its repetition with credentials.</summary>
internal sealed class OutgoingInvite
{
    // RFC 3261 §18.1.1: where the MTU of the path is not known.
    private const int MaxDatagram = 1300;

    private readonly SipStack _stack;
    private readonly OutboundTarget _target;
    private readonly byte[] _offer;
    private readonly ChallengeAnswer _answer;
    private readonly OutgoingCallOptions _options;
    private readonly string _contactUser;
    private readonly bool _isSips;
    private bool _hasTriedTcp;

    public OutgoingInvite(
        SipStack stack,
        OutboundTarget target,
        CallInfo info,
        string localTag,
        OutgoingCallOptions options,
        byte[] offer,
        int hops = HopLimit.Default)
    {
        _stack = stack;
        _target = target;
        _offer = offer;
        _options = options;
        _answer = new ChallengeAnswer(options.Credentials, stack.Ids.NewTag);
        Flow = target.Flow;
        _isSips = UriTransport.IsSips(System.Text.Encoding.UTF8.GetBytes(target.RequestUri));
        _contactUser = options.Anonymous ? "" : info.From;
        Builder = new RequestBuilder
        {
            Method = SipMethod.Invite,
            RequestUri = target.RequestUri,
            // RFC 3323 §4.1.1.3
            From = options.Anonymous ? "sip:anonymous@anonymous.invalid" : $"sip:{SipEscapes.EscapeUser(info.From)}@{target.FromHost}",
            FromDisplayName = options.Anonymous ? "Anonymous" : options.DisplayName,
            FromTag = localTag,
            To = target.ToUri,
            CallId = info.SipCallId,
            CSeq = stack.Ids.NewCSeq(),
            Contact = target.Flow.ContactFor(_contactUser, _isSips),
            Routes = target.Routes,
            MaxForwards = hops,
        };
    }

    public RequestBuilder Builder { get; }

    /// <summary>The way of the last attempt.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>Writes the request with a new branch.</summary>
    /// <param name="timer">What it says of the session timer.</param>
    public (string Branch, byte[] Message) Write(SessionTimerRequest timer)
    {
        var written = WriteOver(Flow, timer);
        if (written.Message.Length <= MaxDatagram || Flow.IsReliable || _hasTriedTcp || _target.OverTcp?.Invoke() is not { } tcp)
            return written;
        _hasTriedTcp = true;
        Flow = tcp;
        return WriteOver(tcp, timer);
    }

    /// <summary>It was answered over this connection, which may have taken the place of one that closed.</summary>
    public void Follow(SipFlow flow) => Flow = flow;

    /// <summary>The way is gone. Whether there is another one: a large request goes over UDP after all (RFC 3261 §18.1.1).</summary>
    public bool TryFallBack()
    {
        if (Flow.Equals(_target.Flow))
            return false;
        Flow = _target.Flow;
        return true;
    }

    /// <summary>Writes the credentials of the last attempt, also into its ACK.</summary>
    public void WriteCredentials(SipWriter writer) => _answer.Write(writer);

    /// <summary>Takes the challenge of a 401 or 407. False when there is no password for it, or it has been refused.</summary>
    public bool TryAuthenticate(SipMessage response) => _answer.TryTake(response, "INVITE", Builder.RequestUri);

    private (string Branch, byte[] Message) WriteOver(SipFlow flow, SessionTimerRequest timer)
    {
        var branch = _stack.Ids.NewBranch();
        Builder.Contact = flow.ContactFor(_contactUser, _isSips);
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        Builder.Begin(ref writer, flow.NewVia(branch));
        WriteCredentials(writer);
        writer.Header(SipHeaderId.Allow, _stack.Capabilities.Allow.Span);
        writer.Header(SipHeaderId.Supported, _stack.Capabilities.Supported.Span);
        timer.WriteHeaders(ref writer);
        if (_stack.Options.Product is { } product)
            writer.Header(SipHeaderId.UserAgent, product);
        foreach (var (id, value) in _options.Referral?.Fields ?? [])
            writer.Header(id, value);
        OutgoingIdentity.Write(writer, _options, _target.IsRegistered);
        foreach (var (name, value) in _options.Participant.Headers)
            writer.Header(name, value);
        writer.Body("application/sdp"u8, _offer);
        return (branch, buffer.WrittenSpan.ToArray());
    }
}
