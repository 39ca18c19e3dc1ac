using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>A server in a host follows its configuration.</summary>
public sealed class FollowTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Test]
    public async Task ChangedConfiguration_IsFollowed_AndTold()
    {
        using var running = await Running.StartAsync();

        running.Change(("Sip:Calls:MaxCalls", "5"), ("Sip:Realm", "other"), ("Sip:Trunks:carrier", "sip:127.0.0.1:9"));

        var changed = (SipServerEvent.SettingsChanged)await running.NextAsync();
        Assert.That(changed.Applied, Is.EqualTo(new[] { "Calls.MaxCalls", "Trunks.carrier" }));
        Assert.That(changed.NeedRestart, Is.EqualTo(new[] { "Realm" }));
        Assert.That((running.Server.Options.Calls.MaxCalls, running.Server.Trunks.Single().Name), Is.EqualTo((5, "carrier")));
        var monitor = running.Host.Services.GetRequiredService<IOptionsMonitor<SipServerOptions>>();
        Assert.That(monitor.CurrentValue.Calls.MaxCalls, Is.EqualTo(5));
    }

    [Test]
    public async Task BrokenConfiguration_IsRefusedWhole_AndTold_AndTheNextGoodOneFollowed()
    {
        using var running = await Running.StartAsync();

        running.Change(("Sip:Calls:MaxCalls", "5"), ("Sip:Calls:MaxCall", "6"));
        var refused = (SipServerEvent.SettingsRefused)await running.NextAsync();
        Assert.That(refused.Problem, Is.EqualTo("Sip:Calls:MaxCall is no setting; did you mean Sip:Calls:MaxCalls?"));
        Assert.That(running.Server.Options.Calls.MaxCalls, Is.EqualTo(10_000));

        running.Change(("Sip:Calls:MaxCalls", "7"), ("Sip:Calls:MaxCall", null));
        Assert.That(await running.NextAsync(), Is.TypeOf<SipServerEvent.SettingsChanged>());
        Assert.That(running.Server.Options.Calls.MaxCalls, Is.EqualTo(7));
    }

    [Test]
    public async Task ConfigurationThatIsGone_IsRefused()
    {
        // As when somebody saves a file of nothing: the listeners come from the program, so that all else could be taken over.
        using var running = await Running.StartAsync(
            options => options.Listen("udp://127.0.0.1:0"), ("Sip:Trunks:carrier", "sip:127.0.0.1:9"));

        running.Change(("Sip:Trunks:carrier", null));

        Assert.That(await running.NextAsync(), Is.TypeOf<SipServerEvent.SettingsRefused>());
        Assert.That(running.Server.Trunks, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ChangeBetweenReadingAndStart_IsFollowed()
    {
        IConfigurationRoot? root = null;
        using var host = ConfiguredHost.Create(configuration =>
        {
            configuration.AddInMemoryCollection([KeyValuePair.Create("Sip:Listeners:0", (string?)"udp://127.0.0.1:0")]);
            root = (IConfigurationRoot)configuration;
        });
        var server = host.Services.GetRequiredService<SipServer>();
        ((Microsoft.Extensions.Configuration.Memory.MemoryConfigurationProvider)root!.Providers.Last()).Set("Sip:Calls:MaxCalls", "5");
        root.Reload();

        await host.StartAsync();

        Assert.That(server.Options.Calls.MaxCalls, Is.EqualTo(5));
        await host.StopAsync();
    }

    [Test]
    public async Task TrunkThatTheProgramAddsMeanwhile_RefusesTheReloadWhole()
    {
        using var running = await Running.StartAsync();
        using var both = new Barrier(2);
        for (var i = 0; i < 500; i++)
        {
            var trunk = new TrunkOptions { Name = $"t{i}", Server = "sip:127.0.0.1:9" };
            var spins = i * 7;
            var added = Task.Run(() =>
            {
                both.SignalAndWait();
                Thread.SpinWait(spins);
                return running.Server.AddTrunkAsync(trunk);
            });
            var next = ConfiguredHost.Read("\"Listeners\": \"udp://127.0.0.1:0\"");
            next.Calls.MaxCalls = 1_000 + i;
            next.Trunks.Add(trunk);
            var before = running.Server.Options.Calls.MaxCalls;
            var isRefused = false;
            both.SignalAndWait();
            try
            {
                running.Server.Reload(next);
            }
            catch (SipStartException)
            {
                isRefused = true;
            }

            Assert.That(running.Server.Options.Calls.MaxCalls, Is.EqualTo(isRefused ? before : 1_000 + i));
            Assert.That(async () => await added, isRefused ? Throws.Nothing : Throws.ArgumentException);
            if (isRefused)
                await running.Server.RemoveTrunkAsync(trunk.Name);
        }
    }

    [Test]
    public async Task ChangedFile_IsFollowed()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{ "Sip": { "Listeners": "udp://127.0.0.1:0" } }""");
        using var host = ConfiguredHost.Create(configuration => configuration.AddJsonFile(file, optional: false, reloadOnChange: true));
        await host.StartAsync();
        await using var events = host.Services.GetRequiredService<ISipServer>().WatchAsync().GetAsyncEnumerator();

        await File.WriteAllTextAsync(file, """{ "Sip": { "Listeners": "udp://127.0.0.1:0", "Access": { "Refuse": "192.0.2.0/24" } } }""");

        Assert.That(await events.MoveNextAsync().AsTask().WaitAsync(Limit), Is.True);
        Assert.That(((SipServerEvent.SettingsChanged)events.Current).Applied, Is.EqualTo(new[] { "Access.Rules" }));
        await host.StopAsync();
        File.Delete(file);
    }

    private sealed class Running(IHost host, IConfigurationRoot configuration, IAsyncEnumerator<SipServerEvent> events) : IDisposable
    {
        public IHost Host => host;

        public SipServer Server { get; } = host.Services.GetRequiredService<SipServer>();

        public static Task<Running> StartAsync() => StartAsync(null, ("Sip:Listeners:0", "udp://127.0.0.1:0"));

        public static async Task<Running> StartAsync(Action<SipServerOptions>? also, params (string Key, string? Value)[] settings)
        {
            IConfigurationRoot? root = null;
            var host = ConfiguredHost.Create(
                configuration =>
                {
                    configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
                    root = (IConfigurationRoot)configuration;
                },
                also);
            await host.StartAsync();
            return new Running(host, root!, host.Services.GetRequiredService<ISipServer>().WatchAsync().GetAsyncEnumerator());
        }

        public void Change(params (string Key, string? Value)[] settings)
        {
            var memory = (Microsoft.Extensions.Configuration.Memory.MemoryConfigurationProvider)configuration.Providers.Last();
            foreach (var (key, value) in settings)
            {
                if (value is null)
                    Remove(memory, key);
                else
                    memory.Set(key, value);
            }

            configuration.Reload();
        }

        public async Task<SipServerEvent> NextAsync()
        {
            do
            {
                Assert.That(await events.MoveNextAsync().AsTask().WaitAsync(Limit), Is.True);
            }
            while (events.Current is SipServerEvent.Trunk);
            return events.Current;
        }

        public void Dispose()
        {
            host.StopAsync().GetAwaiter().GetResult();
            host.Dispose();
        }

        private static void Remove(Microsoft.Extensions.Configuration.Memory.MemoryConfigurationProvider memory, string key)
        {
            var data = (IDictionary<string, string?>)typeof(ConfigurationProvider)
                .GetProperty("Data", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(memory)!;
            data.Remove(key);
        }
    }
}
