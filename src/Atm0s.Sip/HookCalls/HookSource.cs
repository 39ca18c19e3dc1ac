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

    public static HookSource FromInstances(SipServerHandlers handlers) => new Instances(new Dictionary<Type, object?>
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

    public static HookSource FromServices(IServiceProvider services) => new Services(services);

    private sealed class Instances(Dictionary<Type, object?> handlers) : HookSource
    {
        public override HookScope Open() => new InstanceScope(handlers);

        public override bool Has<T>() => handlers.GetValueOrDefault(typeof(T)) is not null;
    }

    private sealed class InstanceScope(Dictionary<Type, object?> handlers) : HookScope
    {
        public override T? Get<T>()
            where T : class => (T?)handlers.GetValueOrDefault(typeof(T));

        public override IEnumerable<T> GetAll<T>() => Get<T>() is { } handler ? [handler] : [];

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Services(IServiceProvider services) : HookSource
    {
        private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
        private readonly IServiceProviderIsService? _isService = services.GetService<IServiceProviderIsService>();

        public override HookScope Open() => new ServiceScope(_scopes.CreateAsyncScope());

        public override bool Has<T>()
        {
            if (_isService is not null)
                return _isService.IsService(typeof(T));
            using var scope = _scopes.CreateScope();
            return scope.ServiceProvider.GetService<T>() is not null;
        }
    }

    private sealed class ServiceScope(AsyncServiceScope scope) : HookScope
    {
        public override T? Get<T>()
            where T : class => scope.ServiceProvider.GetService<T>();

        public override IEnumerable<T> GetAll<T>() => scope.ServiceProvider.GetServices<T>();

        public override ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
