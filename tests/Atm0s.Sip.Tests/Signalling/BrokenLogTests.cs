using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A log that throws for a while (a full disk, a provider at fault) costs its lines, and no call, binding, event or place.</summary>
[SingleThreaded]
public sealed class BrokenLogTests
{
    private const int Places = 4;
    private const int Rounds = 30; // four events each: more than may wait, had one of them kept its place

    private readonly FaultyLog _log = new(0) { ThrowsAlways = true };
    private readonly ThrowingObserver _observer = new();
    private readonly TestHost _host = new();
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld { LoggerFactory = _log };
        var handlers = new SipServerHandlers { Auth = _host, Invite = _host, Registrations = _observer, Calls = _observer };
        _server = _world.StartServer(handlers, static options =>
        {
            options.ShardCount = 1;
            options.Calls.MaxCalls = Places;
            options.MaxConcurrentHooks = Places;
            options.MaxWaitingEvents = 100;
            options.Registrar.MaxRegistrations = Places;
        });
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void CallsAndTheirEvents_GoOn_MoreThanThereArePlaces()
    {
        for (var i = 0; i < Rounds; i++)
        {
            var ok = Call($"c{i}", out var invite);
            var call = _server.Calls.Single();
            _alice.InDialog("BYE", invite, ok);
            Assert.That(_world.Await(call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        }

        AssertThatNothingIsLost(CallDirection.Incoming, Rounds);
    }

    [Test]
    public void OutgoingCalls_TooAndWhatFails()
    {
        _alice.Register();
        var session = _server.Registrations.Single().SessionId;
        for (var i = 0; i < Rounds; i++)
        {
            _alice.Received.Clear();
            var call = _world.Await(_server.CallClientAsync("room1", session, "1001").AsTask());
            var rung = _alice.WaitForRequest("INVITE");
            _alice.Respond(rung, i % 2 == 0 ? 486 : 200, "Answer", i % 2 == 0 ? "" : _alice.Sdp);
            Assert.That(_world.Await(call.Answered).IsAnswered, Is.EqualTo(i % 2 != 0));
            var hangingUp = call.HangUpAsync();
            if (i % 2 != 0)
                _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
            Assert.That(_world.Await(hangingUp), Is.EqualTo(CallCommandResult.Done).Or.EqualTo(CallCommandResult.AlreadyDone));
        }

        AssertThatNothingIsLost(CallDirection.Outgoing, Rounds);
    }

    [TestCase(500, Description = "the handler of calls")]
    [TestCase(503, Description = "the provider of passwords, which waits for its limit")]
    public void HandlersThatFail_KeepNoPlace(int status)
    {
        if (status == 500)
            _host.Decide = static async (_, _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("the handler");
            };
        else
            _host.Authorize = static async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return AuthDecision.Unknown;
            };
        for (var i = 0; i < Rounds; i++)
        {
            _alice.Received.Clear();
            var invite = _alice.Invite("room1", $"c{i}");
            _alice.Ack(invite, _alice.WaitForResponse("INVITE", status));
        }

        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        _host.Authorize = new TestHost().Authorize;
        Call("good", out _);
        Assert.That(_server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void Bindings_EndInTime_AndWithTheirConnection()
    {
        Assert.That(_alice.Register().Status, Is.EqualTo(200));
        Assert.That(_server.Registrations, Has.Count.EqualTo(1));
        _world.Advance(TimeSpan.FromSeconds(610));
        Assert.That(_server.Registrations, Is.Empty);
        Assert.That(_observer.Told, Is.EqualTo(2), "it came, and it went");
    }

    private SipText Call(string callId, out SipText invite)
    {
        _alice.Received.Clear();
        invite = _alice.Invite("room1", callId);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        return ok;
    }

    private void AssertThatNothingIsLost(CallDirection direction, int calls)
    {
        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_log.Thrown, Is.GreaterThan(calls));
        Assert.That(_observer.Ended(direction), Is.EqualTo(calls));
        Assert.That((_server.Calls.Count, _server.Parts.Calls.Count), Is.EqualTo((0, 0)));
        Assert.That(_world.Await(_server.DrainAsync(TimeSpan.Zero)), Is.Zero);
    }

    private sealed class ThrowingObserver : ICallObserver, IRegistrationObserver
    {
        private readonly List<CallEvent> _events = [];

        public int Told { get; private set; }

        public int Ended(CallDirection direction) => _events.OfType<CallEvent.Ended>().Count(e => e.Call.Direction == direction);

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            _events.Add(callEvent);
            throw new IOException("no space left on device");
        }

        public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) => Throw();

        public ValueTask OnUnregisteredAsync(
            RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken) => Throw();

        private ValueTask Throw()
        {
            Told++;
            throw new IOException("no space left on device");
        }
    }
}
