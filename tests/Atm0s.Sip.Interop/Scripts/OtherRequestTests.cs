using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>OPTIONS and messages outside of any call, and passwords that are asked for inside of one.</summary>
public sealed class OtherRequestTests : ScriptTest
{
    [Test]
    public async Task A_ping_tells_what_the_server_can()
    {
        var server = await LocalServerAsync();
        var alice = Run(SippScript.Caller("alice", "anybody").SendOutside("OPTIONS", null, "Accept: application/sdp")
            .Expect(200, false, ("allow", "Allow:", "INVITE"),
                ("accept", "Accept:", "application/sdp"), ("can", "Supported:", "replaces")), server.Udp);
        await alice.SucceedsAsync(ScriptTime);
    }

    [Test]
    public async Task A_message_outside_of_a_call_needs_a_password()
    {
        var server = await LocalServerAsync();
        var text = new SippBody("text/plain", "good morning");
        var alice = Run(SippScript.Caller("alice", "bob").SendOutside("MESSAGE", text).ExpectChallenge()
            .SendOutside("MESSAGE", text, "[authentication username=alice password=pw-alice]").Expect(200), server.Udp, "u1", "-auth_uri",
            $"bob@{server.Udp}");
        await alice.SucceedsAsync(ScriptTime);
        Assert.That(server.Told.Lines, Has.Some.StartsWith("message good morning"));
    }

    [Test]
    public async Task A_message_of_the_host_to_a_phone()
    {
        var server = await LocalServerAsync();
        var (bob, address) = await ListenAsync(SippScript.Callee("bob").ExpectRequest("MESSAGE", ("text", "", "good morning")).Reply());
        var result = await server.Sip.SendMessageAsync($"sip:bob@{address}", "1000", "good morning");
        Assert.That(result.Status, Is.EqualTo(MessageStatus.Delivered));
        await bob.SucceedsAsync(ScriptTime);
    }

    // A PBX that wants to see the password again and again (RFC 3261 §22.1): on the re-INVITE, on a message, and on the BYE.
    [Test]
    public async Task A_callee_asks_for_the_password_of_every_request()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(
            server,
            SippScript.Callee("bob").ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
                .ExpectRequest("INVITE").Challenge("47ebe028cda119c35d48").ExpectRequest("ACK")
                .ExpectRequest("INVITE", ("answer1", "Authorization:", "username=\"1001\"")).Reply(200, SippBody.Sdp(2, "recvonly"))
                .ExpectRequest("ACK").ExpectRequest("MESSAGE").Challenge("47ebe028cda119c35d49")
                .ExpectRequest("MESSAGE", ("answer", "Authorization:", "nonce=\"47ebe028cda119c35d49\"")).Reply()
                .ExpectRequest("BYE").Challenge("47ebe028cda119c35d50")
                .ExpectRequest("BYE", ("answer", "Authorization:", "nonce=\"47ebe028cda119c35d50\"")).Reply(),
            new OutgoingCallOptions { Credentials = new SipCredentials("1001", "pw-1001") });
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        Assert.That((await call.SendMessageAsync("hello")).Status, Is.EqualTo(MessageStatus.Delivered));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }

    // A phone that hangs up while its own offer, and one of the host's, are open.
    [Test]
    public async Task A_phone_hangs_up_in_the_middle_of_a_hold()
    {
        var server = await LocalServerAsync();
        var (bob, call) = await CallAsync(server, SippScript.Callee("bob")
            .ExpectInvite().Answer(200, SippBody.Sdp()).ExpectRequest("ACK")
            .ExpectReInvite().Send("BYE").Expect(200).AnswerReInvite(481).ExpectRequest("ACK"));
        Assert.That((await call.Answered).IsAnswered, Is.True);
        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Ended));
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        await bob.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
    }
}
