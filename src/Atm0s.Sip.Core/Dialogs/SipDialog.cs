using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// A dialog (RFC 3261 §12): what two user agents agree on for the requests between them. Keeps copies, never a message. Not
/// thread-safe: one shard owns it.
/// </summary>
internal sealed class SipDialog
{
    private readonly byte[] _callId;
    private readonly byte[] _localTag;
    private readonly byte[] _remoteTag;
    private readonly byte[] _localUri;
    private readonly byte[] _remoteUri;
    private byte[] _remoteTarget;
    private byte[] _requestUri;
    private RouteSet _routes;

    private SipDialog(DialogParts parts, RouteSet routes, DialogState state)
    {
        _callId = parts.CallId;
        _localTag = parts.LocalTag;
        _remoteTag = parts.RemoteTag;
        _localUri = parts.LocalUri;
        _remoteUri = parts.RemoteUri;
        _remoteTarget = parts.RemoteTarget;
        LocalCSeq = parts.LocalCSeq;
        RemoteCSeq = parts.RemoteCSeq;
        IsSecure = parts.IsSecure;
        OwnsCallId = parts.OwnsCallId;
        _routes = routes;
        _requestUri = routes.RequestUri(_remoteTarget);
        State = state;
        Id = DialogId.Create(_callId, _localTag, _remoteTag);
    }

    /// <summary>What the dialog is found by.</summary>
    public DialogId Id { get; }

    /// <summary>Early, confirmed or over.</summary>
    public DialogState State { get; private set; }

    /// <summary>Call-ID.</summary>
    public ReadOnlySpan<byte> CallId => _callId;

    /// <summary>Our tag.</summary>
    public ReadOnlySpan<byte> LocalTag => _localTag;

    /// <summary>The peer's tag; empty for an RFC 2543 peer.</summary>
    public ReadOnlySpan<byte> RemoteTag => _remoteTag;

    /// <summary>Our URI (From or To), without angle brackets.</summary>
    public ReadOnlySpan<byte> LocalUri => _localUri;

    /// <summary>The peer's URI (To or From), without angle brackets.</summary>
    public ReadOnlySpan<byte> RemoteUri => _remoteUri;

    /// <summary>Where the peer itself is: the URI of its last Contact.</summary>
    public ReadOnlySpan<byte> RemoteTarget => _remoteTarget;

    /// <summary>The Request-URI of the next request (§12.2.1.1): the remote target, or with a strict router the first route.</summary>
    public ReadOnlySpan<byte> RequestUri => _requestUri;

    /// <summary>The URI that decides where requests are sent (§8.1.2, §12.2.1.1): first route, else remote target.</summary>
    public ReadOnlySpan<byte> NextHop => _routes.NextHop(_remoteTarget);

    /// <summary>Number of routes in the route set.</summary>
    public int RouteCount => _routes.Count;

    /// <summary>Sequence number of our last request; null when we have sent none.</summary>
    public uint? LocalCSeq { get; private set; }

    /// <summary>Sequence number of the peer's last request; null when it has sent none.</summary>
    public uint? RemoteCSeq { get; private set; }

    /// <summary>Made by a sips request over TLS: our Contact must be a sips URI (§12.1.1, §12.2.1.1).</summary>
    public bool IsSecure { get; }

    /// <summary>Whether we made the Call-ID (we were the UAC of the first request); decides the wait after a 491 (§14.1).</summary>
    public bool OwnsCallId { get; }

    /// <summary>
    /// RFC 3261 §12.1.1: the dialog of a request that we answer with a To tag. Starts early; see <see cref="Confirm()"/>.
    /// </summary>
    /// <param name="request">The received INVITE, without To tag.</param>
    /// <param name="localTag">The To tag of our responses.</param>
    /// <param name="overTls">Whether it came over TLS.</param>
    /// <returns>Null when the request has no usable Contact or Record-Route: answer 400.</returns>
    public static SipDialog? FromUas(SipMessage request, ReadOnlySpan<byte> localTag, bool overTls = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (localTag.IsEmpty)
            throw new ArgumentException("A dialog needs a local tag.", nameof(localTag));
        if (!TryReadContact(request, out var target) || RouteSet.FromRecordRoute(request, reversed: false) is not { } routes)
            return null;
        return new SipDialog(
            new DialogParts
            {
                CallId = request.CallId.ToArray(),
                LocalTag = localTag.ToArray(),
                RemoteTag = request.FromTag.ToArray(),
                LocalUri = request.To.Uri.ToArray(),
                RemoteUri = request.From.Uri.ToArray(),
                RemoteTarget = target,
                LocalCSeq = null,
                RemoteCSeq = request.CSeqNumber,
                IsSecure = overTls && IsSips(request.RequestUri),
                OwnsCallId = false,
            },
            routes,
            DialogState.Early);
    }

    /// <summary>
    /// RFC 3261 §12.1.2: the dialog that a response to our request makes: early by 101-199 with To tag, confirmed by a 2xx. Each To
    /// tag is a dialog of its own (forking); for a tag that has one already call <see cref="Confirm(SipMessage)"/>.
    /// </summary>
    /// <param name="request">Our request.</param>
    /// <param name="response">The received response.</param>
    /// <param name="overTls">Whether the request went over TLS.</param>
    /// <returns>Null when the response makes no dialog, or is provisional and has a Record-Route that cannot be read.</returns>
    public static SipDialog? FromUac(RequestBuilder request, SipMessage response, bool overTls = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        var isFinal = response.StatusCode is >= 200 and < 300;
        // RFC 3261 §12.1: 2xx and 101-199 with a To tag. A 2xx without tag comes from an RFC 2543 peer and is accepted (§12.1.2).
        if (!isFinal && (response.StatusCode is <= 100 or >= 200 || response.ToTag.IsEmpty))
            return null;
        // RFC 3261 §13.2.2.4: a 2xx is acknowledged whatever stands in it, or it is repeated, and the phone believes that it is in a call.
        if ((RouteSet.FromRecordRoute(response, reversed: true) ?? (isFinal ? RouteSet.Empty : null)) is not { } routes)
            return null;
        // A Contact is mandatory in a 2xx (§8.1.1.8, table 2), but without one ACK and BYE still have to go somewhere.
        if (!TryReadContact(response, out var target))
            target = Encoding.UTF8.GetBytes(request.RequestUri);
        return new SipDialog(
            new DialogParts
            {
                CallId = Encoding.UTF8.GetBytes(request.CallId),
                LocalTag = Encoding.UTF8.GetBytes(request.FromTag),
                RemoteTag = response.ToTag.ToArray(),
                LocalUri = Encoding.UTF8.GetBytes(request.From),
                RemoteUri = Encoding.UTF8.GetBytes(request.To),
                RemoteTarget = target,
                // §12.1.2: the number of the request; what the peer echoes is not looked at when responses are matched (§17.1.3).
                LocalCSeq = request.CSeq,
                RemoteCSeq = null,
                IsSecure = overTls && IsSips(Encoding.UTF8.GetBytes(request.RequestUri)),
                OwnsCallId = true,
            },
            routes,
            isFinal ? DialogState.Confirmed : DialogState.Early);
    }

    /// <summary>
    /// RFC 3261 §12.1.1: whether our Contact in the response to this request must be a sips URI: the Request-URI is one, or the top
    /// Record-Route, or without that the Contact.
    /// </summary>
    /// <param name="request">The received request.</param>
    public static bool NeedsSipsContact(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsSips(request.RequestUri))
            return true;
        foreach (var route in request.GetValues(SipHeaderId.RecordRoute))
            return NameAddressView.TryParse(route, out var address) && IsSips(address.Uri);
        return TryReadContact(request, out var contact) && IsSips(contact);
    }

    /// <summary>Whether a method refreshes the remote target: INVITE (RFC 3261 §12.2), UPDATE (RFC 3311 §5.1).</summary>
    /// <param name="method">The method.</param>
    public static bool IsTargetRefresh(SipMethod method) => method is SipMethod.Invite or SipMethod.Update;

    /// <summary>Whether a received request is of this dialog: Call-ID and both tags.</summary>
    /// <param name="request">The request.</param>
    public bool Matches(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.CallId.SequenceEqual(_callId)
            && Ascii.EqualsIgnoreCase(request.ToTag, _localTag)
            && Ascii.EqualsIgnoreCase(request.FromTag, _remoteTag);
    }

    /// <summary>UAS: our 2xx was sent. Harmless when confirmed or over.</summary>
    public void Confirm()
    {
        if (State == DialogState.Early)
            State = DialogState.Confirmed;
    }

    /// <summary>UAC: a 2xx for this early dialog (RFC 3261 §13.2.2.4). Harmless when confirmed (a retransmission) or over.</summary>
    /// <param name="response">The 2xx.</param>
    public void Confirm(SipMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (State != DialogState.Early)
            return;
        State = DialogState.Confirmed;
        // RFC 3261 §13.2.2.4: the route set is computed again from the 2xx, for RFC 2543 peers did not mirror Record-Route in a 1xx.
        if (RouteSet.FromRecordRoute(response, reversed: true) is { } routes)
            _routes = routes;
        // §12.2.1.2: a 2xx to a target refresh request, which the INVITE is.
        RefreshTarget(response);
        _requestUri = _routes.RequestUri(_remoteTarget);
    }

    /// <summary>Ends the dialog (§12.3, §15).</summary>
    public void Terminate() => State = DialogState.Terminated;

    /// <summary>
    /// A received request that matches the dialog: checks its CSeq and takes it over (RFC 3261 §12.2.2). An ACK changes nothing. The
    /// remote target stays: call <see cref="RefreshTarget"/> when the request is accepted.
    /// </summary>
    /// <param name="request">The request; retransmissions have been absorbed by its transaction.</param>
    public DialogRequestResult OnRequest(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (State == DialogState.Terminated || !Matches(request))
            return DialogRequestResult.NoDialog;
        // §12.2.1.1: ACK and CANCEL bear the number of the request they belong to.
        if (request.Method is SipMethod.Ack or SipMethod.Cancel)
            return DialogRequestResult.Ok;
        // §12.2.2: lower is out of order. An equal number cannot be a new request either: numbers grow by one (§12.2.1.1), and a
        // copy over another path would act twice. A gap is fine.
        if (RemoteCSeq is { } last && request.CSeqNumber <= last)
            return DialogRequestResult.OutOfOrder;
        RemoteCSeq = request.CSeqNumber;
        return DialogRequestResult.Ok;
    }

    /// <summary>
    /// Takes the remote target over from the Contact of a target refresh request that we accept, or of the 2xx to one of ours
    /// (RFC 3261 §12.2.2, §12.2.1.2). Without a usable Contact nothing changes; other methods change nothing.
    /// </summary>
    /// <param name="message">Request or 2xx response.</param>
    /// <returns>Whether the remote target changed.</returns>
    public bool RefreshTarget(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!IsTargetRefresh(message.Method) || !TryReadContact(message, out var target)
            || target.AsSpan().SequenceEqual(_remoteTarget))
            return false;
        _remoteTarget = target;
        _requestUri = _routes.RequestUri(target);
        return true;
    }

    /// <summary>
    /// Writes a request within the dialog up to CSeq (RFC 3261 §12.2.1.1); the caller adds its Contact (for target refresh requests)
    /// and further fields and ends with Body or End. Takes the next sequence number; so does a repetition with credentials.
    /// </summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="method">Any but ACK and CANCEL.</param>
    /// <param name="via">Via with a branch never used before.</param>
    /// <returns>The sequence number.</returns>
    /// <exception cref="ArgumentException">ACK, CANCEL, or an unknown method.</exception>
    public uint BeginRequest(ref SipWriter writer, SipMethod method, SipVia via)
    {
        if (method is SipMethod.Ack or SipMethod.Cancel or SipMethod.Other)
            throw new ArgumentException($"A {method} request is not built here.", nameof(method));
        // §12.2.1.1: the next number, or an initial one (§8.1.1.5: below 2^31).
        var cseq = LocalCSeq is { } last ? last + 1 : 1;
        LocalCSeq = cseq;
        Write(ref writer, method, cseq, via);
        return cseq;
    }

    /// <summary>
    /// Writes the ACK of a 2xx up to CSeq (RFC 3261 §13.2.2.4). The caller adds the credentials of the INVITE and an answer, if the
    /// 2xx held an offer, and ends with Body or End. The ACK has no transaction; keep its bytes in <see cref="ClientAcks"/>.
    /// </summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="inviteCSeq">Sequence number of the INVITE.</param>
    /// <param name="via">Via with a branch of its own (§17: not part of the INVITE's transaction).</param>
    public void BeginAck(ref SipWriter writer, uint inviteCSeq, SipVia via) => Write(ref writer, SipMethod.Ack, inviteCSeq, via);

    private static bool IsSips(ReadOnlySpan<byte> uri) => SipUriView.TryParse(uri, out var view) && view.Scheme == SipUriScheme.Sips;

    // RFC 3261 §8.1.1.8, §12.1.1: exactly one Contact, a sip or sips URI. Of several the first counts.
    private static bool TryReadContact(SipMessage message, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? uri)
    {
        foreach (var value in message.GetValues(SipHeaderId.Contact))
        {
            if (!NameAddressView.TryReadUri(value, out var address)
                || !SipUriView.TryParse(address, out var view)
                || view.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
                break;
            uri = address.ToArray();
            return true;
        }

        uri = null;
        return false;
    }

    private void Write(ref SipWriter writer, SipMethod method, uint cseq, SipVia via)
    {
        writer.RequestLine(method, _requestUri);
        via.Write(ref writer);
        _routes.Write(ref writer, _remoteTarget);
        writer.Header(SipHeaderId.MaxForwards, 70u);
        AddressHeader.Write(ref writer, SipHeaderId.From, default, _localUri, _localTag);
        AddressHeader.Write(ref writer, SipHeaderId.To, default, _remoteUri, _remoteTag);
        writer.Header(SipHeaderId.CallId, _callId);
        CSeqHeader.Write(ref writer, cseq, method);
    }
}
