using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Observability.Tests.Logs;

/// <summary>What the log says of a call can be found by either of its ids.</summary>
[SingleThreaded]
public sealed class CallLogTests
{
    [Test]
    public async Task EachLineOfACall_HasBothIds()
    {
        var log = new FieldLog();
        await using var world = new VirtualWorld { LoggerFactory = log };
        var host = new TestHost { Decide = Broken };
        var server = world.StartServer(host.Handlers, options =>
        {
            options.Media.Timeout = TimeSpan.Zero;
            options.HandlerTimeout = TimeSpan.FromSeconds(2);
        });
        var alice = new ScriptedPhone(world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "phones-own-id-1");
        var ok = alice.WaitForResponse("INVITE", 200);
        alice.Ack(invite, ok);
        alice.InDialog("INFO", invite, ok, "Signal=7\r\nDuration=200\r\n", contentType: "application/dtmf-relay");
        alice.WaitForResponse("INFO", 200);
        world.Complete(server.Calls.Single().MoveToRoomAsync("room2"));
        alice.InDialog("BYE", invite, ok);
        alice.WaitForResponse("BYE", 200);
        var ours = host.End(CallDirection.Incoming)!.Call.CallId;
        alice.Invite("fails", "phones-own-id-2");
        alice.WaitForResponse("INVITE", 500);
        alice.Invite("slow", "phones-own-id-3");
        alice.WaitForResponse("INVITE", 503);
        alice.Invite("room1", "phones-own-id-4", password: "guess");
        alice.WaitForResponse("INVITE", 403);
        world.Advance(TimeSpan.FromSeconds(40));

        int[] ofACall = [2010, 2011, 2020, 2021, 2022, 2023, 2025, 2026];
        Assert.That(log.Lines.Select(line => line.Id).Intersect(ofACall), Is.EquivalentTo(ofACall), "the test sees all of these");
        var lines = log.Lines.Where(line => ofACall.Contains(line.Id)).ToList();
        Assert.That(lines.Where(line => !line.Fields.ContainsKey("CallId") || !line.Fields.ContainsKey("SipCallId")), Is.Empty);
        var first = lines.Where(line => (string?)line.Fields["SipCallId"] == "phones-own-id-1").ToList();
        Assert.That(first.Select(line => line.Fields["CallId"]), Has.All.EqualTo(ours));
        Assert.That(first.Select(line => line.Id), Is.EquivalentTo(new[] { 2020, 2021, 2025, 2026, 2022 }));
        Assert.That(first[0].Text, Does.Contain("phones-own-id-1"), "who has only the text finds the others by it");
        Assert.That(log.Lines.Select(line => line.Text), Has.None.Contains("(null)"), "a refused call has no room");

        static ValueTask<InviteDecision> Broken(InviteRequest invite, CancellationToken cancellation) => invite.To switch
        {
            "fails" => throw new InvalidOperationException("broken"),
            "slow" => new ValueTask<InviteDecision>(new TaskCompletionSource<InviteDecision>().Task),
            _ => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To)),
        };
    }

    [Test]
    public async Task ObserverThatFails_IsLoggedWithBothIds()
    {
        var log = new FieldLog();
        await using var world = new VirtualWorld { LoggerFactory = log };
        var host = new TestHost();
        world.StartServer(new SipServerHandlers { Auth = host, Invite = host, Calls = new Failing() });
        new ScriptedPhone(world, "alice", "10.0.2.1").Invite("room1", "phones-own-id-1");
        world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(log.Lines.Where(line => line.Id == 2010).Select(line => line.Fields["SipCallId"]), Has.All.EqualTo("phones-own-id-1"));
        Assert.That(log.Lines.Count(line => line.Id == 2010), Is.GreaterThan(0));
    }

    [Test]
    public void IdThatHasControlCharacters_IsMadePlain()
    {
        var log = new FieldLog();
        new Diagnostics.CallLogger(log, "ours", "a\u001b[2Jb").Log(LogLevel.Warning, new EventId(1), "text", null, (text, _) => text);

        Assert.That(log.Lines.Single().Fields["SipCallId"], Is.EqualTo("a\\u001b[2Jb"));
    }

    private sealed class Failing : ICallObserver
    {
        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("broken");
    }
}
