using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.HookCalls;

/// <summary>Where handlers come from: fixed objects, or a dependency injection scope opened for each question.</summary>
internal abstract class HookSource
{
    public abstract HookScope Open();

    /// <summary>True when the host registered a handler of that kind.</summary>
    public abstract bool Has<T>()
        where T : class;

    /// <summary>
    /// The handlers of that kind, when they are the same objects for every question: then no scope is needed for them. May make them.
    /// </summary>
    public abstract bool TryGetFixed<T>([NotNullWhen(true)] out T[]? handlers)
        where T : class;

    public static HookSource FromInstances(SipServerHandlers handlers) => new InstanceSource(new Dictionary<Type, object?>
    {
        // One object may implement several of them and be wanted for one only.
        [typeof(IAuthProvider)] = handlers.Auth,
        [typeof(IInviteHandler)] = handlers.Invite,
        [typeof(IRegistrationObserver)] = handlers.Registrations,
        [typeof(ICallObserver)] = handlers.Calls,
        [typeof(IRoomProvider)] = handlers.Rooms,
        [typeof(ITransferHandler)] = handlers.Transfers,
        [typeof(IMessageHandler)] = handlers.Messages,
    });

    public static HookSource FromServices(IServiceProvider services, IServiceCollection registered) =>
        new ServiceSource(services, registered);
}
