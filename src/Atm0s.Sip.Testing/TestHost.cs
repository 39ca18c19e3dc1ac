using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Testing;

/// <summary>
/// A host for tests: every user's password is <c>pw-</c> + name, calls are decided by <see cref="Decide"/>, and everything told is written
/// down.
/// </summary>
public sealed class TestHost : IAuthProvider, IInviteHandler, IRegistrationObserver, ICallObserver
{
    /// <summary>Decides about a call. Default: join the room of the dialled name.</summary>
    public Func<InviteRequest, CancellationToken, ValueTask<InviteDecision>> Decide { get; set; } =
        static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));

    /// <summary>Answers for a user. Default: knows everybody but "nobody".</summary>
    public Func<AuthRequest, CancellationToken, ValueTask<AuthDecision>> Authorize { get; set; } = static (request, _) =>
        ValueTask.FromResult(request.Username == "nobody"
            ? AuthDecision.Unknown
            : AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username)));

    /// <summary>Questions about users, oldest first.</summary>
    public List<AuthRequest> Asked { get; } = [];

    /// <summary>Questions about calls, oldest first.</summary>
    public List<InviteRequest> Invited { get; } = [];

    /// <summary>What happened to registrations, for example <c>registered alice</c>, <c>unregistered alice Client</c>.</summary>
    public List<string> Registrations { get; } = [];

    /// <summary>Registrations as they were told.</summary>
    public List<RegistrationInfo> RegistrationInfos { get; } = [];

    /// <summary>What happened to calls, oldest first.</summary>
    public List<CallEvent> Events { get; } = [];

    /// <summary>This host as handlers.</summary>
    public SipServerHandlers Handlers => new() { Auth = this, Invite = this, Registrations = this, Calls = this };

    /// <summary>Kinds of the events of the calls in one direction, for example "Connecting Ringing Answered Ended".</summary>
    public string Story(CallDirection direction) =>
        string.Join(' ', Events.Where(e => e.Call.Direction == direction).Select(e => e.GetType().Name));

    /// <summary>The end of the only call in a direction, or null while it goes on.</summary>
    public CallEvent.Ended? End(CallDirection direction) =>
        Events.OfType<CallEvent.Ended>().SingleOrDefault(e => e.Call.Direction == direction);

    /// <inheritdoc/>
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        return Authorize(request, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        Invited.Add(invite);
        return Decide(invite, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken)
    {
        RegistrationInfos.Add(registration);
        Registrations.Add($"{(registration.IsRefresh ? "refreshed" : "registered")} {registration.Username}");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken)
    {
        Registrations.Add($"unregistered {registration.Username} {reason}");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        Events.Add(callEvent);
        return ValueTask.CompletedTask;
    }
}
