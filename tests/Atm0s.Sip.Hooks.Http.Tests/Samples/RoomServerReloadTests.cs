using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RoomServer;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>A running RoomServer whose files of settings are changed: for the better, for the worse, and one while another is broken.</summary>
public sealed class RoomServerReloadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _told = new();
    private string _first = "";
    private string _second = "";
    private IHost _host = null!;
    private IAsyncEnumerator<SipServerEvent> _events = null!;

    private SipServer Server => _host.Services.GetRequiredService<SipServer>();

    [SetUp]
    public async Task SetUp()
    {
        (_first, _second) = (NewFile(), NewFile());
        await File.WriteAllTextAsync(_first, """{ "Sip": { "Trunks": { "carrier": "sip:127.0.0.1:9" } } }""");
        await File.WriteAllTextAsync(_second, """{ "Sip": { "Calls": { "MaxCalls": 5 } } }""");
        string[] args = ["--config", _first, "--config", _second, "--listen", "udp://127.0.0.1:0"];
        var settings = Settings.Load(args, _told.Enqueue);
        _host = RoomServerHost.Create(Arguments.Parse(args, settings), TextWriter.Null, settings: settings);
        await RoomServerHost.StartAsync(_host);
        _events = Server.WatchAsync().GetAsyncEnumerator();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _events.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
        File.Delete(_first);
        File.Delete(_second);
    }

    [TestCase("{ \"Sip\": { \"Trunks\": ", TestName = "JSON that breaks off")]
    [TestCase("", TestName = "an empty file")]
    [TestCase("{ \"Sip\": { \"Realm\": \"a\", \"realm\": \"b\" } }", TestName = "a name that stands there twice")]
    public async Task FileThatCanNotBeRead_ChangesNothing_IsTold_AndTheNextGoodOneIsTaken(string content)
    {
        await File.WriteAllTextAsync(_first, content);
        await UntilToldAsync(_first);
        Assert.That(Server.Trunks.Single().Name, Is.EqualTo("carrier"));

        // Something else is changed while it is broken: what stood in it is still there.
        await File.WriteAllTextAsync(_second, """{ "Sip": { "Calls": { "MaxCalls": 6 } } }""");
        Assert.That((await NextAsync()).Applied, Is.EqualTo(new[] { "Calls.MaxCalls" }));
        Assert.That((Server.Options.Calls.MaxCalls, Server.Trunks.Single().Name), Is.EqualTo((6, "carrier")));

        await File.WriteAllTextAsync(_first, """{ "Sip": { "Trunks": { "other": "sip:127.0.0.1:9" } } }""");
        Assert.That((await NextAsync()).Applied, Is.EquivalentTo(new[] { "Trunks.carrier", "Trunks.other" }));
        Assert.That(Server.Trunks.Single().Name, Is.EqualTo("other"));
    }

    [Test]
    public async Task FileThatIsGoneForAMoment_ChangesNothing()
    {
        File.Delete(_first);
        await UntilToldAsync(_first);
        await File.WriteAllTextAsync(_second, """{ "Sip": { "Calls": { "MaxCalls": 7 } } }""");

        Assert.That((await NextAsync()).Applied, Is.EqualTo(new[] { "Calls.MaxCalls" }));
        Assert.That(Server.Trunks.Single().Name, Is.EqualTo("carrier"));
    }

    // Switches are read at the start: who takes "trust" out of the file must not think that it is gone.
    [Test]
    public async Task OwnSectionThatChanges_IsSaidToNeedARestart_WithoutItsValues()
    {
        var logged = new ConcurrentQueue<string>();
        _host.Services.GetRequiredService<ILoggerFactory>().AddProvider(new LogQueue(logged));
        await File.WriteAllTextAsync(
            _second,
            """
            {
              "Sip": { "Calls": { "MaxCalls": 6 } },
              "RoomServer": { "trust": [ "10.0.0.0/8", "10.9.0.0/16" ], "users": { "alice": "hunter2" } }
            }
            """);
        Assert.That((await NextAsync()).Applied, Is.EqualTo(new[] { "Calls.MaxCalls" }));
        using var limit = new CancellationTokenSource(Limit);
        while (!logged.Any(line => line.Contains("RoomServer:trust, RoomServer:users changed", StringComparison.Ordinal)))
            await Task.Delay(20, limit.Token);
        Assert.That(logged, Has.None.Contains("hunter2"));
        Assert.That(Server.Options.Access.Rules, Is.Empty);
    }

    private static string NewFile() => Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");

    private async Task UntilToldAsync(string file)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!_told.Any(line => line.Contains(file, StringComparison.Ordinal)))
            await Task.Delay(20, limit.Token);
        Assert.That(_told, Has.All.Contains("The settings of before stay in force."));
    }

    private async Task<SipServerEvent.SettingsChanged> NextAsync()
    {
        do
        {
            Assert.That(await _events.MoveNextAsync().AsTask().WaitAsync(Limit), Is.True);
            Assert.That(_events.Current, Is.Not.TypeOf<SipServerEvent.SettingsRefused>());
        }
        while (_events.Current is not SipServerEvent.SettingsChanged { Applied.Count: > 0 });
        return (SipServerEvent.SettingsChanged)_events.Current;
    }

    private sealed class LogQueue(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
