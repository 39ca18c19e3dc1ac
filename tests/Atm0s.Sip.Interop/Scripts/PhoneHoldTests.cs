using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Holding again and again, by a phone and by the host: what is agreed stays agreed, and the audio comes back.</summary>
public sealed class PhoneHoldTests : ScriptTest
{
    // baresip stops its own recording at a hold, so what it hears is measured at the other phone, and by what it gets.
    [Test]
    public async Task Baresip_holds_ten_times()
    {
        var server = await LocalServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await bob.WaitAsync("CALL_ESTABLISHED");
        for (var round = 1; round <= 10; round++)
        {
            await alice.HoldAsync();
            await CountAsync(server, "Held", round);
            await alice.ResumeAsync();
            await CountAsync(server, "Resumed", round);
        }

        await Hearing.ToneAsync(bob, 440, 30, bob.Recorded().Duration);
        await Hearing.AudioComesAsync(alice);
    }

    [Test]
    public async Task The_host_holds_a_baresip_and_a_linphone_ten_times()
    {
        var server = await LocalServerAsync();
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

        await Hearing.AudioComesAsync(bob);
        await Hearing.ToneAsync(linphone, 880, 20);
        await linphone.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await server.IdleAsync();
    }

    private static Task<string> CountAsync(LocalServer server, string kind, int count) => server.Told.WaitAsync(
        _ => server.Told.Lines.Count(line => line.StartsWith(kind, StringComparison.Ordinal)) >= count, $"{count} {kind}", Soon);
}
