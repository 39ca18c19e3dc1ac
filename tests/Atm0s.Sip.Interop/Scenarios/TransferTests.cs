using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Phones that transfer, and are transferred.</summary>
public sealed class TransferTests : InteropTest
{
    [TestCase("udp"), TestCase("tcp")]
    public async Task Baresip_transfers_its_caller(string transport)
    {
        var server = await ServerAsync("--transfers");
        var to = Address(server, transport);
        var carol = await BaresipAsync(new PhoneOptions("carol", to, 1320) { Transport = transport, AutoAnswer = true });
        var bob = await BaresipAsync(new PhoneOptions("bob", to, 880) { Transport = transport, AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", to, 440) { Transport = transport });
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await bob.WaitAsync("CALL_ESTABLISHED");

        await bob.TransferAsync("carol");
        await carol.WaitAsync("CALL_ESTABLISHED");
        await bob.WaitAsync("CALL_CLOSED");

        await Hearing.ToneAsync(carol, 440, 30);
        await Hearing.ToneAsync(alice, 1320, 30, alice.Recorded().Duration);
        Assert.That(alice.Events.Lines, Has.None.StartWith("CALL_CLOSED"));
    }

    [Test]
    public async Task Baresip_is_refused_and_its_call_goes_on()
    {
        var server = await ServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await bob.WaitAsync("CALL_ESTABLISHED");

        await bob.TransferAsync("carol");
        await bob.WaitAsync("TRANSFER_FAILED");

        Assert.That(bob.Events.Lines, Has.None.StartWith("CALL_CLOSED"));
    }

    [Test]
    public async Task Linphone_transfers_its_caller()
    {
        var server = await ServerAsync("--transfers");
        var carol = await BaresipAsync(new PhoneOptions("carol", server.Udp, 1320) { AutoAnswer = true });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100) { AutoAnswer = true }, server);
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("1006");
        await alice.WaitAsync("CALL_ESTABLISHED");

        await linphone.TransferAsync("carol");
        await carol.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("ended", Soon, "direction=out", "to=1006");

        await Hearing.ToneAsync(carol, 440, 30);
        Assert.That(alice.Events.Lines, Has.None.StartWith("CALL_CLOSED"));
    }

    [Test]
    public async Task Linphone_brings_the_others_of_two_calls_together()
    {
        var server = await ServerAsync("--transfers");
        var carol = await BaresipAsync(new PhoneOptions("carol", server.Udp, 1320) { AutoAnswer = true });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100), server);
        await linphone.DialAsync("bob");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await linphone.WaitAsync("Media streams established", "call 1");
        await linphone.PauseAsync();
        await linphone.WaitAsync("Call 1", "paused");
        await linphone.DialAsync("carol");
        await carol.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("answered", Soon, "direction=in", "to=carol");

        await linphone.TransferAsync(1, 2);
        await server.WaitAsync("ended", Soon, "direction=in", "to=bob", "cause=transferred");
        await server.WaitAsync("ended", Soon, "direction=in", "to=carol", "cause=transferred");

        await Hearing.ToneAsync(carol, 880, 30, carol.Recorded().Duration);
        Assert.That(bob.Events.Lines, Has.None.StartWith("CALL_CLOSED"));
    }

    [Test]
    public async Task Host_transfers_baresip()
    {
        var (server, control) = await ServerWithControlAsync();
        var carol = await BaresipAsync(new PhoneOptions("carol", server.Udp, 1320) { AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("open-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var call = await control.CallAsync("alice");

        var (status, body) = await control.SendAsync(
            HttpMethod.Post, $"/sip/calls/{call.GetProperty("id").GetString()}/transfer", new { target = carol.Uri, timeout_s = 15 });

        Assert.That((status, body.GetProperty("status").GetString()), Is.EqualTo((200, "completed")), body.ToString());
        await server.WaitAsync("ended", Soon, "direction=in", "cause=transferred-by-us");
        await carol.WaitAsync("CALL_ESTABLISHED");
    }
}
