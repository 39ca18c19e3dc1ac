using System.Net;
using System.Net.NetworkInformation;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Proxies;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>A server of this process, kamailio as proxies in front of it where wanted, and sipp.</summary>
public abstract class ScriptTest : InteropTest
{
    /// <summary>Longest time that a script may take.</summary>
    private protected static readonly TimeSpan ScriptTime = TimeSpan.FromSeconds(60);

    /// <summary>Starts a server.</summary>
    private protected async Task<LocalServer> LocalServerAsync(Action<SipServerOptions>? configure = null)
    {
        var server = await LocalServer.StartAsync(configure);
        return Keep(server, server.Told, server.Record);
    }

    /// <summary>Starts a linphonec and waits for its registration.</summary>
    private protected async Task<Linphone> LinphoneAsync(PhoneOptions options, LocalServer server)
    {
        var phone = await Linphone.StartAsync(options);
        Keep(phone, phone.Process.Output, phone.Process.Errors);
        await server.Told.WaitAsync(line => line == $"registered {options.User}", "registration", Soon);
        return phone;
    }

    /// <summary>Starts a proxy.</summary>
    private protected async Task<Kamailio> ProxyAsync(string name, ProxyOptions options, params (string User, string[] Targets)[] routes)
    {
        var proxy = await Kamailio.StartAsync(name, options, routes);
        return Keep(proxy, proxy.Process.Errors);
    }

    /// <summary>Starts so many proxies in a row, the last of which goes to <paramref name="target"/>.</summary>
    /// <returns>The first one is the one to call.</returns>
    private protected async Task<Kamailio[]> RowAsync(int proxies, string target)
    {
        var row = new Kamailio[proxies];
        for (var i = proxies - 1; i >= 0; i--)
            row[i] = await ProxyAsync(
                $"proxy{i + 1}", ProxyOptions.Plain, ("*", [i == proxies - 1 ? target : $"sip:{row[i + 1].Address}"]));
        return row;
    }

    /// <summary>Starts a sipp that makes one call.</summary>
    private protected Sipp Run(SippScript script, IPEndPoint nextHop, string transport = "u1", params string[] more) =>
        Started(Sipp.Start("caller", FreePorts.Take(2), script, nextHop, transport, more));

    /// <summary>Starts a sipp that takes one call, and waits until it can; where.</summary>
    private protected async Task<(Sipp Phone, string Address)> ListenAsync(
        SippScript script, string name = "callee", params string[] more)
    {
        var port = FreePorts.Take(2);
        return (await ListeningAsync(Sipp.Start(name, port, script, more: more), port), $"127.0.0.1:{port}");
    }

    /// <summary>Registers a user, and starts a sipp that takes one call where it has registered from.</summary>
    private protected async Task<Sipp> RegisteredAsync(
        LocalServer server, SippScript script, string name = "callee", params string[] more)
    {
        var port = FreePorts.Take(2);
        string[] arguments = ["-sf", Sipp.Scenario("register"), "-m", "1", "-key", "contact_port", $"{port}", server.Udp.ToString()];
        await Keep(Sipp.Start("register", port, [script.User], arguments)).SucceedsAsync(ScriptTime);
        return await ListeningAsync(Sipp.Start(name, port, script, more: more), port);
    }

    /// <summary>Starts a sipp that takes one call, and calls it.</summary>
    private protected async Task<(Sipp Phone, ISipCall Call)> CallAsync(
        LocalServer server, SippScript script, OutgoingCallOptions? options = null)
    {
        var (phone, address) = await ListenAsync(script);
        return (phone, await server.Sip.CallServerAsync("room-hall", $"sip:{script.User}@{address}", "1000", options));
    }

    private async Task<Sipp> ListeningAsync(Sipp sipp, int port)
    {
        Started(sipp);
        for (var end = DateTime.UtcNow + Soon; !Listeners().Any(place => place.Port == port); await Task.Delay(10))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"nobody listens at {port}");
        return sipp;

        static IPEndPoint[] Listeners() => IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners();
    }

    private Sipp Started(Sipp sipp) => Keep(sipp, sipp.Process.Errors, sipp.Wire);
}
