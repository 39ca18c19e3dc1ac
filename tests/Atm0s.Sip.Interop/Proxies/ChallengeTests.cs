using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Scripts;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>A proxy that asks for a password (407) in front of a server that asks, too (401): RFC 3261 §22.3, §22.2.</summary>
public sealed class ChallengeTests : ScriptTest
{
    [Test]
    public async Task A_phone_gives_its_password_to_the_proxy_and_to_the_server()
    {
        var server = await LocalServerAsync(options => options.Authentication.OpenNumberPrefixes.Clear());
        var proxy = await ProxyAsync("proxy", new ProxyOptions { Challenges = true }, ("*", [$"sip:{server.Udp}"]));
        var alice = await BaresipAsync(new PhoneOptions("alice", proxy.Address, 440) { Register = false });
        await alice.DialAsync("room-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That(server.Invited[0].Username, Is.EqualTo("alice"));
        await alice.HangUpAsync();
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        await proxy.SawRoutedAsync("ACK", "BYE");
        Assert.That(await proxy.CountAsync("INVITE"), Is.EqualTo(3), "bare, for the proxy, for both");
    }

    [Test]
    public async Task The_host_gives_its_password_to_the_proxy_and_to_the_called_server([Values] bool overTrunk)
    {
        var server = await LocalServerAsync();
        var credentials = new SipCredentials("1001", "pw-1001");
        const string Challenge = "WWW-Authenticate: Digest realm=\"pbx.test\", nonce=\"47ebe028cda119c35d4877b3830\", qop=\"auth\"";
        var (pbx, address) = await ListenAsync(SippScript.Callee("pbx", proxies: 1)
            .ExpectInvite().Answer(401, null, Challenge).ExpectRequest("ACK")
            .ExpectInvite(("given", "Authorization:", "realm=\"pbx.test\"")).Verified("1001", "pw-1001")
            .Answer(180).Answer(200, SippBody.Sdp()).ExpectRequest("ACK").IsHungUp());
        var proxy = await ProxyAsync("proxy", new ProxyOptions { Challenges = true }, ("*", [$"sip:pbx@{address}"]));
        if (overTrunk)
            await server.Sip.AddTrunkAsync(new TrunkOptions { Name = "pbx", Server = $"sip:{proxy.Address}", Credentials = credentials });
        var options = new OutgoingCallOptions { Credentials = credentials };
        var call = overTrunk ? await server.Sip.CallTrunkAsync("room-hall", "pbx", "1002", "1001")
            : await server.Sip.CallServerAsync("room-hall", proxy.Uri("pbx"), "1001", options);
        Assert.That((await call.Answered).StatusCode, Is.EqualTo(200));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await pbx.SucceedsAsync(ScriptTime);
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "BYE");
    }

    // A proxy that is known by its address speaks for those behind it, who need no password here.
    [Test]
    public async Task A_call_comes_in_over_a_trunk_that_is_a_proxy()
    {
        var server = await LocalServerAsync(options => options.Authentication.OpenNumberPrefixes.Clear());
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("*", [$"sip:{server.Udp}"]));
        await server.Sip.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = $"sip:{proxy.Address}" });
        var alice = Run(SippScript.Caller("+4930123456", "room-hall")
            .Invite(SippBody.Sdp(), "P-Asserted-Identity: <sip:+4930123456@carrier.test>")
            .Expect(100, optional: true).Expect(200).Ack().IsHungUp(), proxy.Address);
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That(server.Invited[0].Trunk, Is.EqualTo("carrier"));
        Assert.That(server.Invited[0].Identity?.Uri, Does.Contain("+4930123456"));
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await alice.SucceedsAsync(ScriptTime);
        await proxy.SawRoutedAsync("ACK", "BYE");
    }

    [Test]
    public async Task A_wrong_password_ends_with_the_challenge()
    {
        var server = await LocalServerAsync();
        var proxy = await ProxyAsync("proxy", new ProxyOptions { Challenges = true }, ("*", ["sip:nobody@127.0.0.1:1"]));
        var call = await server.Sip.CallServerAsync(
            "room-hall", proxy.Uri("pbx"), "1001", new OutgoingCallOptions { Credentials = new SipCredentials("1001", "wrong") });
        var outcome = await call.Answered;
        Assert.That((outcome.StatusCode, outcome.Cause), Is.EqualTo((407, CallEndCause.Unauthorized)));
        Assert.That(await proxy.CountAsync("INVITE"), Is.EqualTo(2), "the same password is not tried twice");
    }

    // One of our servers is a customer of another: it registers there, calls and is called, always past the password of the proxy between.
    [Test]
    public async Task A_server_registers_with_another_and_they_call_each_other()
    {
        var office = await LocalServerAsync(options => options.Authentication.OpenNumberPrefixes.Clear());
        var branch = await LocalServerAsync();
        branch.Room = "room-branch";
        var proxy = await ProxyAsync("proxy", new ProxyOptions { Challenges = true }, ("*", [$"sip:{office.Udp}"]));
        var credentials = new SipCredentials("1001", "pw-1001");
        var trunk = await branch.Sip.AddTrunkAsync(new TrunkOptions
        {
            Name = "office", Server = $"sip:{proxy.Address}", Domain = "test.local", Register = true, Credentials = credentials,
        });
        Assert.That(trunk.State, Is.EqualTo(TrunkState.Registered), () => $"{trunk}");

        var there = await branch.Sip.CallTrunkAsync("room-branch", "office", "room-office", "1001");
        Assert.That((await there.Answered).StatusCode, Is.EqualTo(200));
        Assert.That(office.Invited[0].Username, Is.EqualTo("1001"));
        Assert.That(await there.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        await office.WaitAsync("Held", CallDirection.Incoming);
        Assert.That(await there.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await office.IdleAsync(); // or its next call would be left by others

        var back = await office.Sip.CallUserAsync("room-office", "1001", "2000", new OutgoingCallOptions { Credentials = credentials });
        Assert.That((await back.Answered).StatusCode, Is.EqualTo(200));
        Assert.That(branch.Invited[0].Trunk, Is.EqualTo("office"));
        Assert.That(await back.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        await branch.WaitAsync("Held", CallDirection.Incoming);
        Assert.That(await back.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));

        await branch.Sip.RemoveTrunkAsync("office");
        await office.Told.WaitAsync(line => line == "unregistered 1001", "unregistered", Soon);
        await office.IdleAsync();
        await branch.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
    }

    // Two phones behind the proxy, which is in the Path of their registrations (RFC 3327), talk through it and hear each other.
    [TestCase("udp"), TestCase("tcp")]
    public async Task Phones_behind_the_proxy_talk(string transport)
    {
        var server = await LocalServerAsync();
        var next = transport == "tcp" ? server.Tcp : server.Udp;
        var proxy = await ProxyAsync("proxy", ProxyOptions.Plain, ("*", [$"sip:{next};transport={transport}"]));
        var bob = await BaresipAsync(new PhoneOptions("bob", proxy.Address, 880) { Transport = transport });
        var alice = await BaresipAsync(new PhoneOptions("alice", proxy.Address, 440) { Transport = transport });
        await alice.DialAsync("bob");
        await bob.WaitAsync("CALL_INCOMING");
        await alice.WaitAsync("CALL_RINGING");
        await bob.AcceptAsync();
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, 30);
        await Hearing.ToneAsync(bob, 440, 30);
        await alice.HoldAsync();
        await Hearing.NoneAsync(bob, 440);
        await alice.ResumeAsync();
        await Hearing.ToneAsync(bob, 440, 30, bob.Recorded().Duration);
        await bob.HangUpAsync();
        await alice.WaitAsync("CALL_CLOSED");
        await server.IdleAsync();
        await proxy.SawRoutedAsync("ACK", "INVITE", "BYE");
    }
}
