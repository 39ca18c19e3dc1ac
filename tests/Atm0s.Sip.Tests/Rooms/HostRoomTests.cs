using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>Rooms of the host in place of the embedded ones.</summary>
[SingleThreaded]
public sealed class HostRoomTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private Provider _rooms = null!;
    private SipServer _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _rooms = new Provider();
        _server = _world.StartServer(
            new SipServerHandlers { Auth = _host, Invite = _host, Calls = _host, Registrations = _host, Rooms = _rooms });
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Phone_TalksWithTheSeat([Values(8000, 48000)] int rate)
    {
        _rooms.Rate = rate;
        var voice = new ToneEndpoint(440);
        var phone = _world.StartPhone("alice", voice);
        var call = _world.Await(phone.CallAsync("room1"));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        _world.Advance(TimeSpan.FromSeconds(3));
        var seat = _rooms.Seats.Single();
        _world.Complete(call.HangUpAsync());
        _world.RunUntil(() => seat.IsDisposed);

        Assert.That(_rooms.Joined.Single(), Has.Property("RoomId").EqualTo("room1"));
        Assert.That(seat.Connected, Is.EqualTo(1));
        Assert.That(seat.Audio.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "the seat hears the phone");
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "the phone hears the seat");
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void NoSeat_Is403()
    {
        _rooms.Join = _ => null;
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 403);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Rejected));
    }

    [Test]
    public void ProviderThatThrows_Is500()
    {
        _rooms.Join = _ => throw new InvalidOperationException("no");
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 500);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.HandlerFailed));
    }

    [Test]
    public void SeatOfAnImpossibleRate_Is500_AndIsGivenBack()
    {
        _rooms.Rate = 44100;
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 500);
        _world.RunUntil(() => _rooms.Seats.Single().IsDisposed);
    }

    [Test]
    public void SeatThatComesAfterTheCallerHasGone_IsGivenBack()
    {
        var late = new TaskCompletionSource<IRoomSeat?>();
        _rooms.JoinLater = late.Task;
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "c1");
        _world.RunUntil(() => _rooms.Joined.Count == 1);
        alice.Cancel(invite);
        alice.WaitForResponse("INVITE", 487);
        var seat = new Seat(8000);
        late.SetResult(seat);
        _world.RunUntil(() => seat.IsDisposed);
        Assert.That(_server.Calls, Is.Empty);
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void SeatThatTakesTooLong_Is503_AndIsGivenBack()
    {
        var late = new TaskCompletionSource<IRoomSeat?>();
        _rooms.JoinLater = late.Task;
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 503, TimeSpan.FromSeconds(6));
        var seat = new Seat(8000);
        late.SetResult(seat);
        _world.RunUntil(() => seat.IsDisposed);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.HandlerFailed));
    }

    [Test]
    public void WaitingCall_IsAnsweredWhenTheHostSaysThatOthersAreThere()
    {
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 180);
        _rooms.Joined.Single().OthersChanged(1, 0);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Ringing));
        _rooms.Joined.Single().OthersChanged(1, 1);
        alice.WaitForResponse("INVITE", 200);
        _rooms.Joined.Single().OthersChanged(0, 0);
        _world.RunUntil(() => _host.End(CallDirection.Incoming) is { Cause: CallEndCause.OthersLeft });
    }

    [Test]
    public void OthersThatAreThereBeforeTheSeat_AreNotForgotten()
    {
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        _rooms.Join = participant =>
        {
            participant.OthersChanged(2, 1);
            return new Seat(8000);
        };
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 200);
    }

    [Test]
    public void Remove_EndsTheCall()
    {
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "c1");
        alice.Ack(invite, alice.WaitForResponse("INVITE", 200));
        _rooms.Joined.Single().Remove();
        _rooms.Joined.Single().Remove();
        alice.WaitForRequest("BYE");
        _world.RunUntil(() => _rooms.Seats.Single().IsDisposed);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.LocalHangup));
    }

    [Test]
    public void Move_TakesANewSeat_AndGivesTheOldOneBack()
    {
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "c1");
        alice.Ack(invite, alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_world.Await(_server.Calls.Single().MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        _world.RunUntil(() => _rooms.Seats[0].IsDisposed);
        Assert.That(_rooms.Joined.Select(p => p.RoomId), Is.EqualTo(new[] { "room1", "room2" }));
        Assert.That(_rooms.Seats[1].IsDisposed, Is.False);
        Assert.That(_server.Rooms.Single(), Has.Property("Id").EqualTo("room2").And.Property("Connected").EqualTo(1));

        _rooms.Join = _ => null;
        Assert.That(_world.Await(_server.Calls.Single().MoveToRoomAsync("room3")), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(_server.Calls.Single().Info.RoomId, Is.EqualTo("room2"), "a refusal leaves it where it is");
    }

    [Test]
    public void NumbersThatCantBe_AreRefused()
    {
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 200);
        var participant = _rooms.Joined.Single();
        Assert.That(() => participant.OthersChanged(-1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => participant.OthersChanged(1, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private sealed class Provider : IRoomProvider
    {
        public List<IRoomParticipant> Joined { get; } = [];

        public List<Seat> Seats { get; } = [];

        public int Rate { get; set; } = 8000;

        public Func<IRoomParticipant, IRoomSeat?>? Join { get; set; }

        public Task<IRoomSeat?>? JoinLater { get; set; }

        public async ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
        {
            Joined.Add(participant);
            if (JoinLater is not null)
                return await JoinLater;
            if (Join is not null)
                return Join(participant);
            var seat = new Seat(Rate);
            Seats.Add(seat);
            return seat;
        }
    }

    private sealed class Seat(int rate) : IRoomSeat
    {
        public ToneEndpoint Audio { get; } = new(880, rate);

        public int Connected { get; private set; }

        public bool IsDisposed { get; private set; }

        public int SampleRate => rate;

        public bool Read(Span<short> frame) => Audio.Read(frame);

        public void Write(ReadOnlySpan<short> frame) => Audio.Write(frame);

        public void OnConnected() => Connected++;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
