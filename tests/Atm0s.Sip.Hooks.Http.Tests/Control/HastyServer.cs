using System.Reflection;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>A server whose phones are always faster than it: each call to a phone is given back when it has ended.</summary>
public class HastyServer : DispatchProxy
{
    private SipServer _server = null!;

    public static ISipServer Of(SipServer server)
    {
        var proxy = Create<ISipServer, HastyServer>();
        ((HastyServer)(object)proxy)._server = server;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_server, args);
        return result is ValueTask<ISipCall> call ? new ValueTask<ISipCall>(AtItsEndAsync(call.AsTask())) : result;
    }

    private static async Task<ISipCall> AtItsEndAsync(Task<ISipCall> starting)
    {
        var call = await starting;
        await call.Ended;
        return call;
    }
}
