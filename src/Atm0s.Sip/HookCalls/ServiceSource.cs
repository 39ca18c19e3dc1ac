using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.HookCalls;

/// <summary>Handlers from dependency injection.</summary>
/// <param name="services">The container.</param>
/// <param name="registered">What the host has registered: says what lives as long as the container.</param>
internal sealed class ServiceSource(IServiceProvider services, IServiceCollection registered) : HookSource
{
    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly IServiceProviderIsService? _isService = services.GetService<IServiceProviderIsService>();

    public override HookScope Open() => new Scope(_scopes.CreateAsyncScope());

    public override bool Has<T>()
    {
        if (_isService is not null)
            return _isService.IsService(typeof(T));
        using var scope = _scopes.CreateScope();
        return scope.ServiceProvider.GetService<T>() is not null;
    }

    // The registrations say what is a singleton, so that nothing else is made for the question; but another container may have been told
    // otherwise, so two scopes that are open at once must agree.
    public override bool TryGetFixed<T>([NotNullWhen(true)] out T[]? handlers)
    {
        handlers = null;
        var those = registered.Where(d => d.ServiceType == typeof(T) && !d.IsKeyedService).ToArray();
        if (those.Length == 0 && !Has<T>())
        {
            handlers = [];
            return true;
        }

        if (those.Length == 0 || those.Any(d => d.Lifetime != ServiceLifetime.Singleton))
            return false;
        try
        {
            using var one = _scopes.CreateScope();
            using var other = _scopes.CreateScope();
            var found = one.ServiceProvider.GetServices<T>().ToArray();
            if (!found.SequenceEqual(other.ServiceProvider.GetServices<T>(), ReferenceEqualityComparer.Instance))
                return false;
            handlers = found;
            return true;
        }
#pragma warning disable CA1031 // One that can't be made is an outcome of each question, not of the start.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private sealed class Scope(AsyncServiceScope scope) : HookScope
    {
        public override T? Get<T>()
            where T : class => scope.ServiceProvider.GetService<T>();

        public override IEnumerable<T> GetAll<T>() => scope.ServiceProvider.GetServices<T>();

        public override ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
