using System.Net;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using NUnit.Framework.Interfaces;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>A server and phones, stopped after the test; what they printed is shown when it fails.</summary>
[Category("Interop")]
public abstract class InteropTest
{
    private readonly List<(IAsyncDisposable Party, LineLog[] Logs)> _parties = [];

    /// <summary>Longest wait for anything that takes no media. A limit for what does not come, so a slow machine is given time.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>Stops everything.</summary>
    [TearDown]
    public async Task StopAllAsync()
    {
        var failed = TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed;
        foreach (var (party, logs) in Enumerable.Reverse(_parties))
        {
            await party.DisposeAsync();
            foreach (var log in failed ? logs : [])
                await TestContext.Out.WriteLineAsync(log.ToString());
        }
    }

    /// <summary>Starts a server.</summary>
    protected async Task<RoomServerProcess> ServerAsync(params string[] options)
    {
        var server = await RoomServerProcess.StartAsync(options);
        return Keep(server, server.Process.Output, server.Process.Errors);
    }

    /// <summary>Starts a server with a control API.</summary>
    protected async Task<(RoomServerProcess Server, ControlApi Control)> ServerWithControlAsync(params string[] options)
    {
        const string Key = "0123456789abcdef-interop";
        var url = $"http://127.0.0.1:{FreePorts.Take()}";
        var server = await ServerAsync([.. options, "--http", url, "--api-key", Key]);
        return (server, Keep(new ControlApi(url, Key)));
    }

    /// <summary>Starts a baresip; waits for its registration when it has one.</summary>
    protected async Task<Baresip> BaresipAsync(PhoneOptions options, bool expectRegistered = true)
    {
        var phone = await Baresip.StartAsync(options);
        Keep(phone, phone.Events, phone.Process.Output, phone.Process.Errors);
        if (options.Register && expectRegistered)
            await phone.RegisteredAsync();
        return phone;
    }

    /// <summary>Starts a linphonec and waits for its registration.</summary>
    protected async Task<Linphone> LinphoneAsync(PhoneOptions options, RoomServerProcess server)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(server);
        var phone = await Linphone.StartAsync(options);
        Keep(phone, phone.Process.Output, phone.Process.Errors);
        await server.WaitAsync("registered", Soon, $"user={options.User}");
        return phone;
    }

    /// <summary>Where a phone with this transport goes.</summary>
    protected static IPEndPoint Address(RoomServerProcess server, string transport)
    {
        ArgumentNullException.ThrowIfNull(server);
        return transport switch
        {
            "tcp" => server.Tcp,
            "tls" => server.Tls,
            _ => server.Udp,
        };
    }

    /// <summary>Disposes of it after the test, and shows its logs if that fails.</summary>
    protected T Keep<T>(T party, params LineLog[] logs)
        where T : IAsyncDisposable
    {
        _parties.Add((party, logs));
        return party;
    }
}
