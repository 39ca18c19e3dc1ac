using System.Text;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Registrar;

/// <summary>
/// One contact of one user (RFC 3261 §10). What it says is immutable: a refresh makes a new one with the same session id. It is its own
/// deadline on its shard.
/// </summary>
internal sealed class Binding : IDeadlineItem
{
    private int _deadlineSlot = DeadlineQueue.NotQueued;
    private volatile bool _isOver;

    public required RegistrationInfo Info { get; init; }

    public required SipFlow Flow { get; init; }

    /// <summary>Call-ID and CSeq of the REGISTER that made it: an older one must not undo a newer one (§10.3 step 7).</summary>
    public required byte[] CallId { get; init; }

    public required uint CSeq { get; init; }

    /// <summary>Preference among the contacts of the user, in thousandths, 0 to 1000 (§10.2.1.2).</summary>
    public required short Quality { get; init; }

    /// <summary>
    /// Whether the phone has said in Via and Contact alike where it listens, without asking for its source port to be used (RFC 3581 §3):
    /// then there is no NAT, and the port of its Contact is the one (RFC 3261 §18.2.2).
    /// </summary>
    public required bool ListensAtContact { get; init; }

    /// <summary>End of the registration on the stack's clock.</summary>
    public required TimeSpan ExpiresAt { get; init; }

    /// <summary>Told when its time is over.</summary>
    public required RegistrarService Registrar { get; init; }

    /// <summary>Where its deadline lives.</summary>
    public required SipShard Shard { get; init; }

    /// <summary>When it was made or refreshed, on the stack's clock.</summary>
    public TimeSpan BoundAt => ExpiresAt - Info.Expires;

    public string SessionId => Info.SessionId;

    /// <summary>The next of the same connection; kept by <see cref="BindingStore"/>.</summary>
    public Binding? NextOfConnection { get; set; }

    /// <summary>The one before it of the same connection; kept by <see cref="BindingStore"/>.</summary>
    public Binding? PreviousOfConnection { get; set; }

    TimeSpan? IDeadlineItem.NextDeadline => _isOver ? null : ExpiresAt;

    int IDeadlineItem.DeadlineSlot
    {
        get => _deadlineSlot;
        set => _deadlineSlot = value;
    }

    /// <summary>
    /// The way to the phone: the one it came, which a NAT lets through (RFC 5626 §1), but where it said that it listens at another port.
    /// </summary>
    public SipFlow FlowForRequests(SipStack stack)
    {
        var source = Flow.RemoteEndPoint;
        // RFC 3327 §5.4: the first of the path, when it is the proxy that the REGISTER came from; its connection may be another one now.
        var next = Info.Path.Count > 0 ? Info.Path[0] : Info.Contact;
        if ((Info.Path.Count == 0 && !ListensAtContact)
            || !FlowAddresses.TryGetLiteral(Encoding.UTF8.GetBytes(next), out var protocol, out var place)
            || !place!.Address.Equals(source.Address)
            || protocol != Flow.Protocol)
            return Flow;
        if (place.Port == source.Port)
            return Flow;
        return Flow.IsReliable ? (Flow.IsClosed ? stack.TryGetFlow(protocol, place, Flow.KnownPeer) ?? Flow : Flow) : Flow.To(place);
    }

    /// <summary>Its time begins. On its shard.</summary>
    public void StartTimer() => Shard.Reschedule(this);

    /// <summary>Its time does not matter any more: it was refreshed or removed.</summary>
    /// <param name="current">The shard that this runs on, or null on another thread.</param>
    public void StopTimer(SipShard? current = null)
    {
        _isOver = true;
        if (ReferenceEquals(current, Shard))
            Shard.Reschedule(this);
        else
            Shard.Post(shard => shard.Reschedule(this));
    }

    void IDeadlineItem.OnDeadline(TimeSpan now)
    {
        if (_isOver || ExpiresAt > now)
            return;
        _isOver = true;
        Registrar.OnExpired(this);
    }
}
