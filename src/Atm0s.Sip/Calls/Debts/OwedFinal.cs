using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// The final response of a received INVITE, first or within the dialog: owed from the moment it is taken (RFC 3261 §13.3.1, §17.2.1). The
/// end of the call refuses it.
/// </summary>
internal sealed class OwedFinal : WireDebt, IServerExchangeUser
{
    private readonly Call _call;
    private readonly Action<CallEnd> _onGone;

    /// <param name="call">The call.</param>
    /// <param name="exchange">The transaction of the INVITE.</param>
    /// <param name="request">The INVITE; copied.</param>
    /// <param name="onGone">Told when its sender gives up (§9.2), or can't be reached any more.</param>
    public OwedFinal(Call call, ServerExchange exchange, SipMessage request, Action<CallEnd> onGone)
    {
        _call = call;
        _onGone = onGone;
        Exchange = exchange;
        Request = request.Clone();
        exchange.User = this;
    }

    public ServerExchange Exchange { get; }

    public SipMessage Request { get; }

    /// <summary>Whether it has been sent.</summary>
    public bool IsPaid { get; private set; }

    /// <summary>The way that the request itself came; responses may go to another port (RFC 3261 §18.2.2).</summary>
    public SipFlow RequestFlow => Request.RemoteEndPoint is { } source && !source.Equals(Exchange.Flow.RemoteEndPoint)
        ? Exchange.Flow.To(source)
        : Exchange.Flow;

    /// <summary>Sends a provisional response.</summary>
    /// <param name="status">101 to 199.</param>
    /// <param name="extra">Fields of the host.</param>
    /// <param name="headers">Fields of ours.</param>
    /// <param name="sdp">A description, or empty.</param>
    public void Ring(
        int status,
        IReadOnlyList<KeyValuePair<string, string>> extra,
        IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null,
        ReadOnlyMemory<byte> sdp = default)
    {
        if (!IsPaid)
            Exchange.Respond(status, Write(status, extra: extra, headers: headers, sdp: sdp));
    }

    /// <summary>Accepts it: the debt is from now on to repeat the 2xx.</summary>
    /// <param name="dialog">The dialog that it makes, or belongs to.</param>
    /// <param name="isFirst">Whether it makes the dialog.</param>
    /// <param name="sdp">The description.</param>
    /// <param name="extra">Fields of the host.</param>
    /// <param name="headers">Fields of ours.</param>
    public OwedAck Accept(
        Dialogs.CallDialog dialog,
        bool isFirst,
        ReadOnlyMemory<byte> sdp,
        IReadOnlyList<KeyValuePair<string, string>>? extra = null,
        IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null)
    {
        var response = Write(200, extra: extra, headers: headers, sdp: sdp);
        var owed = new OwedAck(_call, dialog, Exchange, response, Request.CSeqNumber, isFirst);
        Owner!.Replace(this, owed);
        owed.Start();
        Pay();
        return owed;
    }

    /// <summary>Refuses it.</summary>
    public void Refuse(CallEnd why, IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null)
    {
        if (IsPaid)
            return;
        var status = why.FinalStatus;
        if (why.Warning is { } warning)
            headers = [.. headers ?? [], (SipHeaderId.Warning, warning)];
        Exchange.Respond(status, Write(status, why.Phrase, headers: headers));
        Finish();
    }

    /// <summary>Sends its sender elsewhere (RFC 3261 §8.3, §21.3).</summary>
    /// <param name="status">300 to 399.</param>
    /// <param name="contacts">Value of Contact.</param>
    public void Redirect(int status, string contacts)
    {
        if (IsPaid)
            return;
        Exchange.Respond(status, Write(status, headers: [(SipHeaderId.Contact, contacts)]));
        Finish();
    }

    // RFC 3261 §15.1.2: a re-INVITE that is still open when the call ends is answered 487.
    public override void Settle(CallEnd why) => Refuse(
        Request.ToTag.IsEmpty ? why : new CallEnd(why.Cause, 487, "the call has ended"));

    public override void Abandon()
    {
        if (!IsPaid)
            Finish();
    }

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange, SipMessage cancel) => _call.Guard(() =>
    {
        // RFC 3261 §9.2: a CANCEL has no effect once a final response was sent.
        if (!IsPaid)
            _onGone(new CallEnd(
                Hooks.CallEndCause.Cancelled, 487, "the caller gave up", Failure: Dialing.FailureReader.Read(cancel)));
    });

    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange) => _call.Guard(() =>
    {
        if (!IsPaid)
            _onGone(new CallEnd(Hooks.CallEndCause.Gone, 503, "the connection to the caller is gone"));
    });

    /// <summary>Writes a response to it.</summary>
    public byte[] Write(
        int status,
        string? phrase = null,
        IReadOnlyList<KeyValuePair<string, string>>? extra = null,
        IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null,
        ReadOnlyMemory<byte> sdp = default) =>
        ServerResponses.Create(
            _call.Services.Stack,
            Request,
            status,
            phrase,
            // RFC 3261 §12.2: inside a dialog To has our tag already.
            Exchange.LocalTag,
            // RFC 3261 §12.1.1: where it makes or refreshes a dialog.
            contact: status < 300 ? _call.ContactFor(RequestFlow) : null,
            retryAfter: status == 503 ? 5 : null,
            headers: headers,
            extra: extra,
            sdp: sdp.Span);

    private void Finish()
    {
        Pay();
        Exchange.User = null;
        Done();
    }

    private void Pay()
    {
        IsPaid = true;
        Request.Dispose();
    }
}
