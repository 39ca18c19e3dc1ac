namespace Atm0s.Sip.Hooks;

/// <summary>Is told who registered and who is gone. Events of one session come in order, never two at once.</summary>
/// <remarks>
/// Told, not asked: the phone has its answer already. An exception is logged and the next event is delivered all the same.
/// </remarks>
public interface IRegistrationObserver
{
    /// <summary>A phone registered, or refreshed its registration (<see cref="RegistrationInfo.IsRefresh"/>).</summary>
    ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken);

    /// <summary>A registration ended.</summary>
    ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken);
}
