namespace Atm0s.Sip.HookCalls;

/// <summary>The host's handlers for the length of one question.</summary>
internal abstract class HookScope : IAsyncDisposable
{
    /// <summary>The handler of that kind, or null when the host registered none.</summary>
    public abstract T? Get<T>()
        where T : class;

    /// <summary>All handlers of that kind, for observers.</summary>
    public abstract IEnumerable<T> GetAll<T>()
        where T : class;

    public abstract ValueTask DisposeAsync();
}
