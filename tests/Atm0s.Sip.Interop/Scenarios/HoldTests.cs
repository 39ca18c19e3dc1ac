using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Phones that hold, and phones whose ports are gone for a while.</summary>
public sealed class HoldTests : InteropTest
{
    // baresip holds with a=sendonly and sends nothing: a right, no duty (RFC 3264 §8.4, RFC 6337 §5.3).
    [Test]
    public async Task Hold_is_longer_than_the_media_time_out()
    {
        var server = await ServerAsync("--media-timeout", "5");
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.ToneAsync(bob, 440, 30);
        await alice.HoldAsync();
        await Hearing.NoneAsync(bob, 440);
        await Task.Delay(TimeSpan.FromSeconds(12)); // more than twice the time-out: nothing may happen, so there is nothing to wait for
        Assert.That(server.Events.Where(line => line.Kind == "ended"), Is.Empty);
        Assert.That(alice.Events.Lines, Has.None.StartWith("CALL_CLOSED"));
        Assert.That(alice.ReceivedBitrate(), Is.LessThan(10_000), "bits per second while it holds");

        var resumed = bob.Recorded().Duration;
        await alice.ResumeAsync();
        await Hearing.ToneAsync(bob, 440, 30, resumed);
        await Hearing.AudioComesAsync(alice);
    }
}
