using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Registrar;

/// <summary>
/// One contact of one user (RFC 3261 §10). Immutable but for its timer: a refresh makes a new one with the same session id.
/// </summary>
internal sealed record Binding
{
    public required RegistrationInfo Info { get; init; }

    public required SipFlow Flow { get; init; }

    /// <summary>Call-ID and CSeq of the REGISTER that made it: an older one must not undo a newer one (§10.3 step 7).</summary>
    public required string SipCallId { get; init; }

    public required uint CSeq { get; init; }

    /// <summary>End of the registration on the stack's clock.</summary>
    public required TimeSpan ExpiresAt { get; init; }

    /// <summary>When it was made or refreshed, on the stack's clock.</summary>
    public TimeSpan BoundAt => ExpiresAt - Info.Expires;

    public string SessionId => Info.SessionId;

    /// <summary>Ends the binding in time; lives on <see cref="Shard"/>.</summary>
    public SipTimer? Timer { get; set; }

    public required SipShard Shard { get; init; }

    /// <summary>Its time does not matter any more: it was refreshed or removed. Any thread.</summary>
    public void StopTimer() => Shard.Post(static (_, timer, _) => ((SipTimer?)timer)?.Cancel(), Timer, null);
}
