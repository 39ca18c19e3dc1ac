using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>
/// Two phones of the library register, call each other through its server, talk and hang up; all in virtual time, over a bad network.
/// </summary>
[SingleThreaded]
public sealed class WholeCallTests
{
    private static readonly LinkConditions Bad = new() { Loss = 0.1, Duplication = 0.1, Reordering = 0.1 };

    [Test]
    public async Task TwoPhones_TalkThroughARoom([Values("PCMA", "PCMU", "opus")] string bobsCodec)
    {
        await using var world = new VirtualWorld();
        var (server, host) = StartServer(world);
        var (aliceVoice, bobVoice) = (new ToneEndpoint(440), new ToneEndpoint(880, bobsCodec == "opus" ? 48000 : 8000));
        var alice = Register(world, world.StartPhone("alice", aliceVoice));
        Register(world, world.StartPhone("bob", bobVoice, bobsCodec));

        var call = world.Await(alice.CallAsync("bob"));
        Assert.That(world.Await(call.Answered).IsAnswered, Is.True);
        world.Advance(TimeSpan.FromSeconds(4));
        var statistics = server.Calls.Select(c => c.GetStatistics()!).ToArray();
        world.Complete(call.HangUpAsync());
        world.RunUntil(() => server.Calls.Count == 0);

        var snr = bobsCodec == "opus" ? 20 : 30;
        AssertHears(aliceVoice, 880, snr);
        AssertHears(bobVoice, 440, snr);
        Assert.That(statistics.Select(s => s.PacketsLost), Has.All.Zero);
        Assert.That(statistics.Select(s => s.PacketsReceived), Has.All.InRange(195, 205));
        Assert.That(host.Story(CallDirection.Incoming), Is.EqualTo("Connecting Ringing Answered Ended"));
        Assert.That(host.Story(CallDirection.Outgoing), Is.EqualTo("Connecting Ringing Answered Ended"));
        Assert.That(host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(host.End(CallDirection.Outgoing)!.Cause, Is.EqualTo(CallEndCause.OthersLeft));
        world.Advance(TimeSpan.FromSeconds(6));
        Assert.That(world.MediaNetwork.OpenSockets, Is.Zero, "every port is given back");
    }

    [Test]
    public async Task SipPacketsLostDoubledAndOutOfOrder_ChangeNothingForTheCallers([Range(1, 40)] int seed)
    {
        await using var world = new VirtualWorld(seed);
        world.Network.Conditions = Bad;
        var (server, host) = StartServer(world);
        var (aliceVoice, bobVoice) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var alice = Register(world, world.StartPhone("alice", aliceVoice));
        var bob = Register(world, world.StartPhone("bob", bobVoice));

        var call = world.Await(alice.CallAsync("bob"));
        Assert.That(world.Await(call.Answered).IsAnswered, Is.True, () => Trace(world));
        world.RunUntil(() => server.Calls.Count == 2 && server.Calls.All(c => c.State == CallState.Answered), TimeSpan.FromSeconds(40));
        world.Advance(TimeSpan.FromSeconds(3));
        world.Complete(call.HangUpAsync());
        world.RunUntil(() => server.Calls.Count == 0 && bob.Calls.Count == 0, TimeSpan.FromSeconds(70));

        AssertHears(aliceVoice, 880, 30);
        AssertHears(bobVoice, 440, 30);
        Assert.That(host.Story(CallDirection.Incoming), Is.EqualTo("Connecting Ringing Answered Ended"), () => Trace(world));
        Assert.That(server.Rooms, Is.Empty);
    }

    [Test]
    public async Task BusyPhone_OverABadNetwork_IsBusyForTheCaller([Range(1, 20)] int seed)
    {
        await using var world = new VirtualWorld(seed);
        world.Network.Conditions = Bad;
        var (server, host) = StartServer(world);
        var alice = Register(world, world.StartPhone("alice", new ToneEndpoint(440)));
        Register(world, world.StartPhone("bob", new ToneEndpoint(880), onIncoming: (_, _) => ValueTask.FromResult(PhoneAnswer.Busy)));

        var call = world.Await(alice.CallAsync("bob"));
        Assert.That(world.Await(call.Answered), Is.EqualTo(new CallOutcome(false, CallEndCause.Busy, 486)), () => Trace(world));
        world.RunUntil(() => server.Calls.Count == 0, TimeSpan.FromSeconds(70));
        Assert.That(host.End(CallDirection.Outgoing)!.Cause, Is.EqualTo(CallEndCause.Busy));
    }

    [Test]
    public async Task CallerWhoGivesUp_OverABadNetwork_StopsTheRinging([Range(1, 20)] int seed)
    {
        await using var world = new VirtualWorld(seed);
        world.Network.Conditions = Bad;
        var (server, host) = StartServer(world);
        var never = new TaskCompletionSource<PhoneAnswer>();
        var alice = Register(world, world.StartPhone("alice", new ToneEndpoint(440)));
        var bob = Register(
            world, world.StartPhone("bob", new ToneEndpoint(880), onIncoming: (_, _) => new ValueTask<PhoneAnswer>(never.Task)));

        var call = world.Await(alice.CallAsync("bob"));
        world.RunUntil(() => call.State == CallState.Ringing && bob.Calls.Count == 1);
        world.Complete(call.HangUpAsync());
        world.RunUntil(() => server.Calls.Count == 0 && bob.Calls.Count == 0, TimeSpan.FromSeconds(70));
        Assert.That(host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Cancelled), () => Trace(world));
        Assert.That(host.Events.OfType<CallEvent.Answered>(), Is.Empty);
    }

    private static (SipServer Server, TestHost Host) StartServer(VirtualWorld world)
    {
        var host = new TestHost();
        var server = world.StartServer(host.Handlers);
        host.Decide = async (invite, cancellation) =>
        {
            if (server.FindRegistrations(invite.To) is not [var registration, ..])
                return InviteDecision.Reject(404);
            await server.CallClientAsync("room-" + invite.CallId, registration.SessionId, invite.From, cancellationToken: cancellation);
            return InviteDecision.WaitForOthers("room-" + invite.CallId);
        };
        return (server, host);
    }

    private static SipPhone Register(VirtualWorld world, SipPhone phone)
    {
        Assert.That(world.Await(phone.RegisterAsync()).IsRegistered, Is.True, () => Trace(world));
        return phone;
    }

    private static void AssertHears(ToneEndpoint listener, double hz, double leastSnr)
    {
        var heard = listener.Recording.Body(TimeSpan.FromMilliseconds(300));
        Assert.That(heard.Duration, Is.GreaterThan(TimeSpan.FromSeconds(2)));
        Assert.That(heard.StrongestFrequency(), Is.EqualTo(hz).Within(2));
        var report = heard.Measure(hz);
        Assert.That(report.Levels[hz], Is.EqualTo(-12).Within(1));
        Assert.That(report.Snr, Is.GreaterThanOrEqualTo(leastSnr));
    }

    private static string Trace(VirtualWorld world) => string.Join('\n', world.Network.Sent);
}
