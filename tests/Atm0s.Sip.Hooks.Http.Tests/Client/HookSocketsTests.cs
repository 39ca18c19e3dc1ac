using Atm0s.Sip.Hooks.Http.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>How long connections to the hook server are kept.</summary>
public sealed class HookSocketsTests
{
    // gunicorn closes an idle connection after 2 s, node and uvicorn after 5 s: a question that crosses that is lost.
    [Test]
    public void IdleConnection_IsClosedByUs_BeforeAHookServerDoes()
    {
        var services = new ServiceCollection();
        services.AddSipServer().AddHttpHooks(hooks => hooks.Url = "http://127.0.0.1:3000/hooks");
        using var provider = services.BuildServiceProvider();
        using var sockets = HookSockets.Make(provider, static options => options.MaxInviteConnections);
        Assert.That(sockets.PooledConnectionIdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
    }
}
