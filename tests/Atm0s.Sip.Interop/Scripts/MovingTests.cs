using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>
/// Phones that go to another network in the middle of a call: what the server sends then goes where they are. Their Contact is an address
/// that nobody has, as behind a NAT.
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
        var before = box.Outside;
        box.Moves = text => text.StartsWith(method, StringComparison.Ordinal) && text.Contains("CSeq: 2 ", StringComparison.Ordinal);
        var script = SippScript.Caller("alice", "room-hall", Nowhere)
            .Invite(SippBody.Sdp()).Expect(100, optional: true).Expect(200).Ack()
            .ExpectRequest("MESSAGE").Reply();
        script = method == "INVITE"
            ? script.Send("INVITE", SippBody.Sdp(2)).Expect(100, optional: true).Expect(200).Ack()
            : script.Send("UPDATE", SippBody.Sdp(2)).Expect(200);
        var alice = Run(script.ExpectRequest("MESSAGE").Reply().IsHungUp(), box.Inside);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That((await call.SendMessageAsync("before")).Status, Is.EqualTo(MessageStatus.Delivered));
        await RefreshedAsync(call, box);
        Assert.That(box.Outside, Is.Not.EqualTo(before));
        Assert.That((await call.SendMessageAsync("after")).Status, Is.EqualTo(MessageStatus.Delivered));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    // RFC 3261 §12.2.2: the Contact of a re-INVITE is where everything goes from then on, unless the re-INVITE is refused (§14.1).
    [Test]
    public async Task A_phone_goes_on_at_another_address([Values] bool isRefused)
    {
        var server = await LocalServerAsync();
        var (there, port) = await ListenAsync(SippScript.Callee("bob").ExpectRequest("BYE").Reply(), "there", "-i", "127.0.0.2");
        var target = port.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal);
        var offer = SippBody.Sdp(2);
        if (isRefused)
            offer = offer with { Text = offer.Text.Replace("RTP/AVP 8 101", "RTP/AVP 18", StringComparison.Ordinal) };
        var script = SippScript.Callee("bob").ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .Send("INVITE", offer, $"Contact: <sip:bob@{target}>").Expect(100, optional: true).Expect(isRefused ? 488 : 200);
        var (bob, call) = await CallAsync(server, isRefused ? script.AckRefusal(insideDialog: true).IsHungUp() : script.Ack());
        Assert.That((await call.Answered).IsAnswered, Is.True);
        for (var end = DateTime.UtcNow + Soon; !call.WireTrace.Any(IsOver); await Task.Delay(10))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "the re-INVITE is not over");
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        if (!isRefused)
            await there.SucceedsAsync(ScriptTime);
        await server.IdleAsync();

        bool IsOver(WireTraceEntry entry) => isRefused ? entry.IsSent && entry.Message.StartsWith("SIP/2.0 488", StringComparison.Ordinal)
            : !entry.IsSent && entry.Message.StartsWith("ACK ", StringComparison.Ordinal);
    }

    private static async Task RefreshedAsync(ISipCall call, NatBox box)
    {
        // The 200 of the first INVITE went to where it was then.
        for (var end = DateTime.UtcNow + Soon; !call.WireTrace.Any(IsAnswer); await Task.Delay(10))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"nothing is answered to {box.Outside}");

        bool IsAnswer(WireTraceEntry entry) => entry.IsSent && entry.Message.StartsWith("SIP/2.0 200", StringComparison.Ordinal)
            && entry.Message.Contains("CSeq: 2 ", StringComparison.Ordinal)
            && entry.Peer.EndsWith(box.Outside.ToString(), StringComparison.Ordinal);
    }
}
