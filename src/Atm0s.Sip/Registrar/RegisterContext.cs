using System.Net;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Registrar;

/// <summary>One accepted REGISTER: who, from where, when.</summary>
internal sealed class RegisterContext
{
    private readonly Func<string> _newSessionId;
    private string? _sessionId;

    public RegisterContext(string sessionId, Func<string> newSessionId)
    {
        _sessionId = sessionId;
        _newSessionId = newSessionId;
    }

    public required string Username { get; init; }

    /// <summary>User name of the credentials; null when the address was trusted.</summary>
    public required string? Login { get; init; }

    public required string Realm { get; init; }

    /// <summary>To of the REGISTER.</summary>
    public required string AddressOfRecord { get; init; }

    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>Address in Via, when the phone does not ask for its source port to be used (RFC 3581); null when it does.</summary>
    public required IPEndPoint? SentBy { get; init; }

    public required SipShard Shard { get; init; }

    public required SipFlow Flow { get; init; }

    public required string SipCallId { get; init; }

    public required uint CSeq { get; init; }

    public string? UserAgent { get; init; }

    public required TimeSpan Now { get; init; }

    public required int MaxContacts { get; init; }

    /// <summary>RFC 3261 §10.3 step 7: within one Call-ID only a higher CSeq may change a binding.</summary>
    public bool IsOutOfOrder(Binding binding) => binding.SipCallId == SipCallId && CSeq <= binding.CSeq;

    public Binding NewBinding(ContactWish wish, Binding? existing) => new()
    {
        Info = new RegistrationInfo
        {
            SessionId = existing?.SessionId ?? TakeSessionId(),
            Username = Username,
            Realm = Realm,
            Contact = wish.Uri,
            Source = Flow.RemoteEndPoint,
            Expires = wish.Expires,
            UserAgent = UserAgent,
            IsRefresh = existing is not null,
            Login = Login,
            AddressOfRecord = AddressOfRecord,
            Path = Path,
            InstanceId = wish.InstanceId,
            RegId = wish.RegId,
        },
        Shard = Shard,
        Flow = Flow,
        SipCallId = SipCallId,
        CSeq = CSeq,
        Quality = wish.Quality,
        ListensAtContact = !Flow.IsReliable && SentBy is not null
            && FlowAddresses.TryGetLiteral(Encoding.UTF8.GetBytes(wish.Uri), out _, out var contact) && contact!.Equals(SentBy),
        ExpiresAt = Now + wish.Expires,
    };

    // The id the auth provider was asked with goes to the first new contact.
    private string TakeSessionId()
    {
        var id = _sessionId ?? _newSessionId();
        _sessionId = null;
        return id;
    }
}
