using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>Who guesses passwords is slowed down, and nobody else (RFC 3261 §26.3.2.4).</summary>
[SingleThreaded]
public sealed class GuessingTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private Lines _log = null!;
    private ScriptedPhone _mallory = null!;

    [SetUp]
    public void SetUp()
    {
        _log = new Lines();
        _world = new VirtualWorld { LoggerFactory = _log };
        _host = new TestHost();
        _mallory = new ScriptedPhone(_world, "alice", "10.66.6.6");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.DisposeAsync();
        _log.Dispose();
    }

    [TestCase("REGISTER")]
    [TestCase("INVITE")]
    public void ManyGuessesAtOnce_ReachTheHostSlowly(string method)
    {
        _world.StartServer(_host.Handlers);
        var challenge = Challenge(method);
        for (var i = 0; i < 300; i++)
            Guess(challenge, method, "g" + i);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_host.Asked, Has.Count.LessThan(100));
        Assert.That(_mallory.Received.Count(m => m.Status == 503 && m["Retry-After"].Length > 0), Is.GreaterThan(200));
    }

    [Test]
    public void GuessesOneAfterTheOther_AreAllowedTwenty_ThenOneEachSixSeconds()
    {
        _world.StartServer(_host.Handlers, o => o.Authentication.MaxWrongPasswordsPerUser = 0);
        for (var i = 0; i < 30; i++)
            GuessAlone("g" + i);
        Assert.That(_host.Asked, Has.Count.EqualTo(20));
        _world.Advance(TimeSpan.FromSeconds(60));
        for (var i = 30; i < 60; i++)
            GuessAlone("g" + i);
        Assert.That(_host.Asked, Has.Count.InRange(29, 31));
    }

    [Test]
    public void SourceThatGuesses_DoesNotSlowOthers_NorItself_ForEver()
    {
        _world.StartServer(_host.Handlers);
        for (var i = 0; i < 30; i++)
            GuessAlone("g" + i);
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        Assert.That(alice.Register().Status, Is.EqualTo(200));
        _world.Advance(TimeSpan.FromMinutes(10));
        Assert.That(_mallory.Register(callId: "own").Status, Is.EqualTo(200));
    }

    [Test]
    public void GuessThatIsCancelledAtOnce_Counts()
    {
        _world.StartServer(_host.Handlers);
        _host.Authorize = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return AuthDecision.Unknown;
        };
        for (var i = 0; i < 200; i++)
        {
            _mallory.Received.Clear();
            var challenge = Challenge("INVITE");
            var authorization = _mallory.Authorize(challenge, "INVITE", "sip:room1@test.local");
            var invite = _mallory.Request("INVITE", "room1", "g" + i, _mallory.Sdp, _mallory.Contact() + authorization);
            _mallory.Send(invite);
            _world.Advance(TimeSpan.FromMilliseconds(20));
            _mallory.Cancel(new SipText(invite));
            _world.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.That(_host.Asked, Has.Count.LessThan(30));
    }

    [Test]
    public void ZeroMeansNoLimit()
    {
        _world.StartServer(
            _host.Handlers, o => o.Authentication.MaxWrongPasswordsPerSource = o.Authentication.MaxWrongPasswordsPerUser = 0);
        var challenge = Challenge("REGISTER");
        for (var i = 0; i < 300; i++)
            Guess(challenge, "REGISTER", "g" + i);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_host.Asked, Has.Count.EqualTo(300));
    }

    [Test]
    public void RightPasswords_AreNotSlowed()
    {
        _world.StartServer(_host.Handlers);
        for (var i = 0; i < 100; i++)
            Assert.That(_mallory.Register(callId: "r" + i).Status, Is.EqualTo(200));
    }

    [TestCase("REGISTER", 403)]
    [TestCase("INVITE", 403)]
    public void RefusalOfAPassword_IsSentOnce(string method, int status)
    {
        _world.StartServer(_host.Handlers);
        Guess(Challenge(method), method, "g");
        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_mallory.Received.Count(m => m.IsResponse && m.Status == status), Is.EqualTo(1));
        Assert.That(_mallory.Received, Has.Count.EqualTo(2), "challenge and refusal");
    }

    [Test]
    public void WrongPassword_IsLogged_ForAProgramToRead()
    {
        _world.StartServer(_host.Handlers);
        GuessAlone("g");
        Assert.That(_log.Of(2033), Is.EqualTo(new[] { "Warning Wrong password from 10.66.6.6: REGISTER as \"alice\"" }));
    }

    [Test]
    public void NameThatLooksLikeALogLine_DoesNotForgeOne()
    {
        _world.StartServer(_host.Handlers);
        var evil = new ScriptedPhone(_world, "x from 9.9.9.9: REGISTER as", "10.66.6.7");
        evil.Send(Plain("e1", ""));
        var challenge = evil.WaitForResponse("REGISTER", 401);
        evil.Send(Plain("e2", evil.Authorize(challenge, "REGISTER", "sip:test.local", "no")));
        evil.WaitForResponse("REGISTER", 403);
        Assert.That(_log.Of(2033).Single(), Does.Contain("from 10.66.6.7:").And.Not.Contain("from 9.9.9.9"));

        string Plain(string callId, string authorization) =>
            evil.Request("REGISTER", "alice", callId, extra: authorization)
                .Replace("<sip:x from 9.9.9.9: REGISTER as@test.local>;tag=from-x from 9.9.9.9: REGISTER as",
                    "<sip:alice@test.local>;tag=1", StringComparison.Ordinal)
                .Replace("z9hG4bK-x from 9.9.9.9: REGISTER as", "z9hG4bK-e", StringComparison.Ordinal);
    }

    private SipText Challenge(string method)
    {
        _mallory.Send(_mallory.Request(method, method == "INVITE" ? "room1" : null, "first", extra: _mallory.Contact()));
        return _mallory.WaitForResponse(method, 401);
    }

    private void Guess(SipText challenge, string method, string callId)
    {
        var uri = method == "INVITE" ? "sip:room1@test.local" : "sip:test.local";
        _mallory.Send(_mallory.Request(method, method == "INVITE" ? "room1" : null, callId, extra: _mallory.Contact()
            + _mallory.Authorize(challenge, method, uri, "guess-" + callId)));
    }

    private void GuessAlone(string callId)
    {
        _mallory.Received.Clear();
        var challenge = Challenge("REGISTER");
        Guess(challenge, "REGISTER", callId);
        _mallory.WaitFor(m => m.IsResponse && m["Call-ID"] == callId && m.Status >= 200);
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly List<(int Id, string Text)> _lines = [];

        public IEnumerable<string> Of(int id) => _lines.Where(l => l.Id == id).Select(l => l.Text);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add((eventId.Id, $"{logLevel} {formatter(state, exception)}"));
    }
}
