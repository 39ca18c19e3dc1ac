using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Transfers and holds with the keys of real phones; who is connected in the end hears the other.</summary>
public sealed class PhoneTransferTests : ScriptTest
{
    [Test]
    public async Task Baresip_transfers_its_peer()
    {
        var server = await ServerAsync();
        var (alice, bob, carol) = await BaresipsAsync(server);
        await TalkAsync(alice, bob);
        await alice.TransferAsync($"sip:carol@{server.Udp}");
        await carol.WaitAsync("CALL_ESTABLISHED");
        await alice.WaitAsync("CALL_CLOSED");
        await Hearing.ToneAsync(bob, 1320, 30);
        await Hearing.ToneAsync(carol, 880, 30);
        Assert.That((await server.EndedAsync(CallDirection.Incoming)).Cause, Is.EqualTo(CallEndCause.Transferred));
        await bob.HangUpAsync();
        await carol.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public async Task Baresip_is_transferred_by_the_host()
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        await alice.DialAsync("room-hall");
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        await alice.WaitAsync("CALL_ESTABLISHED");
        Assert.That(await call.TransferAsync($"sip:room-other@{server.Udp}"), Is.EqualTo(new TransferResult(TransferStatus.Completed, 200)));
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.TransferredByUs));
        await server.WaitAsync("Answered", CallDirection.Incoming, e => e.Call.RoomId == "room-other");
    }

    [Test]
    public async Task Linphone_transfers_its_peer([Values] bool attended)
    {
        var server = await ServerAsync();
        var (_, bob, carol) = await BaresipsAsync(server, withAlice: false);
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100), server);
        await linphone.DialAsync("bob");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await linphone.WaitAsync("Media streams established", "call 1");
        if (attended)
        {
            await linphone.HoldAsync();
            await server.WaitAsync("Held", CallDirection.Incoming);
            await linphone.DialAsync("carol");
            await server.WaitAsync("Answered", CallDirection.Incoming, e => e.Call.To == "carol");
            await linphone.WaitAsync("Media streams established", "call 2");
            await linphone.ConnectAsync(1, 2);
        }
        else
        {
            await linphone.TransferAsync(1, $"sip:carol@{server.Udp}");
        }

        await carol.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("Ended", CallDirection.Incoming, e => e is CallEvent.Ended { Cause: CallEndCause.Transferred });
        await Hearing.ToneAsync(bob, 1320, 30);
        await Hearing.ToneAsync(carol, 880, 30);
        await carol.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await server.IdleAsync();
    }

    // baresip stops its own recording at a hold, so what it hears is measured at the other phone, and by what it gets.
    [Test]
    public async Task Baresip_holds_ten_times()
    {
        var server = await ServerAsync();
        var (alice, bob, _) = await BaresipsAsync(server);
        await TalkAsync(alice, bob);
        for (var round = 1; round <= 10; round++)
        {
            await alice.HoldAsync();
            await CountAsync(server, "Held", round);
            await alice.ResumeAsync();
            await CountAsync(server, "Resumed", round);
        }

        await Hearing.ToneAsync(bob, 440, 30, bob.Recorded().Duration);
        await GetsAudioAsync(alice);
    }

    [Test]
    public async Task The_host_holds_a_baresip_and_a_linphone_ten_times()
    {
        var server = await ServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100), server);
        await linphone.DialAsync("bob");
        await bob.WaitAsync("CALL_ESTABLISHED");
        ISipCall[] calls = [await server.AnsweredAsync(CallDirection.Incoming), await server.AnsweredAsync(CallDirection.Outgoing)];
        for (var round = 1; round <= 10; round++)
        {
            foreach (var call in calls)
                Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done), $"hold {call.Info.Direction}, round {round}");
            foreach (var call in calls)
                Assert.That(await call.ResumeAsync(), Is.EqualTo(CallCommandResult.Done), $"resume {call.Info.Direction}, round {round}");
        }

        await GetsAudioAsync(bob);
        await Hearing.ToneAsync(linphone, 880, 20);
        await linphone.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await server.IdleAsync();
    }

    private static async Task TalkAsync(Baresip caller, Baresip callee)
    {
        await caller.DialAsync(callee.Options.User);
        await caller.WaitAsync("CALL_ESTABLISHED");
        await callee.WaitAsync("CALL_ESTABLISHED");
    }

    private static async Task GetsAudioAsync(Baresip phone)
    {
        for (var end = DateTime.UtcNow + Soon; phone.ReceivedBitrate() < 30_000; await Task.Delay(100))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{phone.Options.User} gets {phone.ReceivedBitrate()} bits per second");
    }

    private static Task CountAsync(LocalServer server, string kind, int count) => server.Told.WaitAsync(
        _ => server.Told.Lines.Count(line => line.StartsWith(kind, StringComparison.Ordinal)) >= count, $"{count} {kind}", Soon);

    private async Task<LocalServer> ServerAsync()
    {
        var server = await LocalServerAsync();
        server.Transfer = static request => TransferDecision.Accept(TransferTarget.User(request.Target));
        return server;
    }

    private async Task<(Baresip Alice, Baresip Bob, Baresip Carol)> BaresipsAsync(LocalServer server, bool withAlice = true)
    {
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var carol = await BaresipAsync(new PhoneOptions("carol", server.Udp, 1320) { AutoAnswer = true });
        var alice = withAlice ? await BaresipAsync(new PhoneOptions("alice", server.Udp, 440)) : null;
        return (alice!, bob, carol);
    }
}
