using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Registrar;

/// <summary>One accepted REGISTER: who, from where, when. It makes bindings, of what is known already as far as that is the same.</summary>
internal ref struct RegisterContext
{
    private string? _sessionId;

    /// <param name="registrar">Whose bindings they are.</param>
    /// <param name="shard">Shard of the request.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="request">The request.</param>
    /// <param name="wishes">What it asks for.</param>
    /// <param name="username">User in To.</param>
    /// <param name="login">User name of the credentials; null when the address was trusted.</param>
    /// <param name="sessionId">Id the host was asked with: of the first new contact.</param>
    public RegisterContext(
        RegistrarService registrar,
        SipShard shard,
        SipFlow flow,
        SipMessage request,
        in RegisterWishes wishes,
        string username,
        string? login,
        string? sessionId)
    {
        Registrar = registrar;
        Shard = shard;
        Flow = flow;
        Request = request;
        Wishes = wishes;
        Username = username;
        Login = login == username ? username : login;
        _sessionId = sessionId;
        CallId = request.CallId;
        Path = RegisterReader.ReadPath(request);
        SentBy = SentByOf(request);
    }

    public RegistrarService Registrar { get; }

    public SipShard Shard { get; }

    public SipFlow Flow { get; }

    public SipMessage Request { get; }

    public RegisterWishes Wishes { get; }

    public string Username { get; }

    public string? Login { get; }

    public ReadOnlySpan<byte> CallId { get; }

    public IReadOnlyList<string> Path { get; }

    /// <summary>Address in Via, when the phone does not ask for its source port to be used (RFC 3581); null when it does.</summary>
    public IPEndPoint? SentBy { get; }

    /// <summary>RFC 3261 §10.3 step 7: within one Call-ID only a higher CSeq may change a binding.</summary>
    public readonly bool IsOutOfOrder(Binding binding) => Request.CSeqNumber <= binding.CSeq && CallId.SequenceEqual(binding.CallId);

    /// <summary>The binding of a contact.</summary>
    /// <param name="wish">The contact.</param>
    /// <param name="existing">What it takes the place of, or null.</param>
    public Binding NewBinding(in ContactWish wish, Binding? existing) => new()
    {
        Info = InfoOf(wish, existing?.Info),
        Registrar = Registrar,
        Shard = Shard,
        Flow = Flow,
        CallId = existing is not null && CallId.SequenceEqual(existing.CallId) ? existing.CallId : CallId.ToArray(),
        CSeq = Request.CSeqNumber,
        Quality = (short)wish.Quality,
        ListensAtContact = !Flow.IsReliable && SentBy is not null
            && FlowAddresses.TryGetLiteral(wish.Uri, out _, out var contact) && contact!.Equals(SentBy),
        ExpiresAt = Shard.Now + wish.Expires,
    };

    // From the second refresh on, nothing of it changes as a rule.
    private RegistrationInfo InfoOf(in ContactWish wish, RegistrationInfo? known)
    {
        var contact = KnownText.Of(known?.Contact, wish.Uri);
        var addressOfRecord = KnownText.Of(known?.AddressOfRecord, Request.To.Uri);
        var instance = wish.InstanceId.IsEmpty ? null : KnownText.Of(known?.InstanceId, wish.InstanceId);
        var agent = !Request.TryGetHeader(SipHeaderId.UserAgent, out var text) ? null
            : known?.UserAgent is { } same && KnownText.AreEqual(same, text) ? same
            : Registrar.Texts.Of(text);
        if (known is { IsRefresh: true }
            && ReferenceEquals(contact, known.Contact)
            && ReferenceEquals(addressOfRecord, known.AddressOfRecord)
            && ReferenceEquals(instance, known.InstanceId)
            && ReferenceEquals(agent, known.UserAgent)
            && Flow.RemoteEndPoint.Equals(known.Source)
            && (wish.Expires, wish.RegId, Username, Login) == (known.Expires, known.RegId, known.Username, known.Login)
            && (ReferenceEquals(Path, known.Path) || Path.SequenceEqual(known.Path)))
            return known;
        return new RegistrationInfo
        {
            SessionId = known?.SessionId ?? TakeSessionId(),
            Username = known?.Username ?? Username,
            Realm = Registrar.Realm,
            Contact = contact,
            Source = Flow.RemoteEndPoint,
            Expires = wish.Expires,
            UserAgent = agent,
            IsRefresh = known is not null,
            Login = Login is not null && Login == known?.Login ? known.Login : Login,
            AddressOfRecord = addressOfRecord,
            Path = Path,
            InstanceId = instance,
            RegId = wish.RegId,
        };
    }

    private string TakeSessionId()
    {
        var id = _sessionId ?? Registrar.NewSessionId();
        _sessionId = null;
        return id;
    }

    // RFC 3581 §4: who asks for rport is reached where its packets come from.
    private static IPEndPoint? SentByOf(SipMessage request)
    {
        var via = request.TopVia;
        return !via.HasRport && FlowAddresses.TryReadHost(via.Host, out var address)
            ? new IPEndPoint(address, via.Port == 0 ? 5060 : via.Port) : null;
    }
}
