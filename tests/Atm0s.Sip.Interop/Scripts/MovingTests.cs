using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>
/// Phones that go to another network in the middle of a call: what the server sends then goes where they are. Their Contact is an address that
/// nobody has, as behind a NAT.
/// </summary>
public sealed class MovingTests : ScriptTest
{
    private const string Nowhere = "127.9.9.9:5060";

    // A request that refreshes the target (RFC 3261 §12.2.2, RFC 3311 §5.1) shows where it is now.
    [TestCase("INVITE"), TestCase("UPDATE")]
    public async Task A_phone_that_has_moved_is_hung_up_on(string method)
    {
        var server = await LocalServerAsync();
        var box = Keep(new NatBox(server.Udp));
        var script = SippScript.Caller("alice", "room-hall", Nowhere)
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .ExpectRequest("MESSAGE").Reply();
        script = method == "INVITE"
            ? script.Send("INVITE", SippBody.Sdp(2)).Expect(100, optional: true).Expect(200).Ack()
            : script.Send("UPDATE", SippBody.Sdp(2)).Expect(200);
        var alice = Run(script.ExpectRequest("MESSAGE").Reply().IsHungUp(), box.Inside);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That((await call.SendMessageAsync("before")).Status, Is.EqualTo(MessageStatus.Delivered));
        box.Move();
        await RefreshedAsync(call, box);
        Assert.That((await call.SendMessageAsync("after")).Status, Is.EqualTo(MessageStatus.Delivered));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    private static async Task RefreshedAsync(ISipCall call, NatBox box)
    {
        for (var end = DateTime.UtcNow + Soon; !call.WireTrace.Any(IsAnswer); await Task.Delay(10))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"nothing is answered to {box.Outside}");

        bool IsAnswer(WireTraceEntry entry) => entry.IsSent && entry.Message.StartsWith("SIP/2.0 200", StringComparison.Ordinal)
            && entry.Peer.EndsWith(box.Outside.ToString(), StringComparison.Ordinal);
    }
}
