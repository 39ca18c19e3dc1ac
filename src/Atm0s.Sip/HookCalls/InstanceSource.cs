using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.HookCalls;

/// <summary>Handlers that the host has given as objects.</summary>
internal sealed class InstanceSource(Dictionary<Type, object?> handlers) : HookSource
{
    public override HookScope Open() => new Scope(handlers);

    public override bool Has<T>() => handlers.GetValueOrDefault(typeof(T)) is not null;

    public override bool TryGetFixed<T>([NotNullWhen(true)] out T[]? found)
    {
        found = handlers.GetValueOrDefault(typeof(T)) is T handler ? [handler] : [];
        return true;
    }

    private sealed class Scope(Dictionary<Type, object?> handlers) : HookScope
    {
        public override T? Get<T>()
            where T : class => (T?)handlers.GetValueOrDefault(typeof(T));

        public override IEnumerable<T> GetAll<T>() => Get<T>() is { } handler ? [handler] : [];

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
