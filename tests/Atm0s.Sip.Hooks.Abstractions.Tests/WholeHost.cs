namespace Atm0s.Sip.Hooks.Tests;

/// <summary>A host that implements everything there is, with the abstractions alone.</summary>
internal sealed class WholeHost : IAuthProvider, IInviteHandler, IRegistrationObserver, ICallObserver, IRoomProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Username == "alice" ? AuthDecision.WithHa1(new string('a', 32)) : AuthDecision.Unknown);

    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(invite.Trunk is null ? InviteDecision.JoinRoom(invite.To) : InviteDecision.WaitForOthers(invite.To));

    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IRoomSeat?>(null);
}
