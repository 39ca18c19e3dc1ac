using System.Net;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>A stranger sprays RTP at the ports of calls: he gets nothing of their audio, and nothing of his is heard.</summary>
public sealed class StrangerTests : AttackTest
{
    private const double Audible = -30; // dBFS, 18 dB below what the stranger says

    // With a proxy in front (Record-Route) the address of the signalling tells nothing; the one in the SDP does.
    [Test]
    public async Task A_stranger_gets_not_one_packet([Values] bool behindProxy)
    {
        await StartAsync();
        var (victim, listener) = await PairAsync(behindProxy, speak: false);
        var stranger = Keep(new Stranger());
        stranger.Spray([victim.ServerAudio, After(victim.ServerAudio)], 400);

        // Before the phone's first packet, while it talks, in its silence, and over a hold.
        await SentAsync(stranger, 400);
        victim.Audio.SendTo(victim.ServerAudio);
        await HearsEachOtherAsync(victim, listener);
        victim.Audio.IsSpeaking = false;
        await SentAsync(stranger, 1200); // three packets every 5 ms to two ports, for more than a second
        await Task.Delay(TimeSpan.FromSeconds(2));
        victim.Audio.IsSpeaking = true;
        await HearsEachOtherAsync(victim, listener);
        foreach (var hold in new[] { "sendonly", "inactive" })
        {
            victim.Audio.IsSpeaking = false;
            await victim.OfferAsync(hold);
            await Task.Delay(TimeSpan.FromSeconds(2));
            await victim.OfferAsync("sendrecv");
            victim.Audio.IsSpeaking = true;
            await HearsEachOtherAsync(victim, listener);
        }

        await GoodCallsHearEachOtherAsync();
        await TestContext.Out.WriteLineAsync($"the stranger sent {stranger.Sent} packets");
        Assert.That(stranger.Received(), Is.Zero, "packets to the stranger");
    }

    // Around the first packet of the phone the queue of its port is full of a stranger's packets and keys.
    [Test]
    public async Task A_stranger_is_not_heard_and_presses_no_key([Values] bool behindProxy)
    {
        await StartAsync();
        var events = await Control.WatchAsync();
        var (victim, listener) = await PairAsync(behindProxy, speak: false);
        var stranger = Keep(new Stranger());
        for (var round = 0; round < 5; round++)
        {
            stranger.Burst(victim.ServerAudio, 120);
            stranger.PressKey(victim.ServerAudio, 101, 5);
            victim.Audio.SendTo(victim.ServerAudio);
            victim.Audio.IsSpeaking = true;
            await victim.GetsAsync(victim.Audio.Received + 3);
            stranger.Ssrc = victim.Audio.Ssrc; // as if he had seen it
            stranger.Burst(victim.ServerAudio, 120);
            stranger.PressKey(victim.ServerAudio, 101, 5);
            await victim.GetsAsync(victim.Audio.Received + 60);
            victim.Audio.IsSpeaking = false; // silence opens the latch again after a second
            await Task.Delay(TimeSpan.FromSeconds(1.2));
        }

        victim.Audio.IsSpeaking = true;
        await HearsEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(listener.FramesWith(Stranger.ToneHz, Audible), Is.LessThanOrEqualTo(5), "frames of 20 ms with the stranger's tone");
            Assert.That(events.Lines.Where(line => line.Contains("\"dtmf\"", StringComparison.Ordinal)), Is.Empty, "keys told");
            Assert.That(stranger.Received(), Is.Zero, "packets to the stranger");
        }
    }

    // RTCP is no proof of anything either: a BYE or a report of a stranger changes nothing.
    [Test]
    public async Task A_stranger_ends_no_call_by_rtcp()
    {
        await StartAsync();
        var (victim, listener) = await PairAsync(behindProxy: false, speak: true);
        await HearsEachOtherAsync(victim, listener);
        var stranger = Keep(new Stranger());
        var ssrc = victim.Audio.Ssrc;
        byte[] id = [(byte)(ssrc >> 24), (byte)(ssrc >> 16), (byte)(ssrc >> 8), (byte)ssrc];
        for (var i = 0; i < 200; i++)
        {
            stranger.Send(After(victim.ServerAudio), [0x80, 201, 0, 1, .. id, 0x81, 203, 0, 1, .. id]);
            stranger.Send(victim.ServerAudio, [0x80, 201, 0, 1, .. id, 0x81, 203, 0, 1, .. id]);
        }

        await HearsEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        Assert.That(victim.Phone.HasEnded, Is.False);
        Assert.That(stranger.Received(), Is.Zero, "packets to the stranger");
    }

    // Anything that is no RTP of the call, at all ports of the server: nobody hears it.
    [Test]
    public async Task Junk_at_all_ports_is_not_heard()
    {
        await StartAsync();
        var (victim, listener) = await PairAsync(behindProxy: false, speak: true);
        var stranger = Keep(new Stranger());
        var random = new Random(8);
        var junk = new byte[300];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(junk);
            junk[0] = (byte)(i % 3 == 0 ? 0x80 | random.Next(64) : junk[0]);
            var port = victim.ServerAudio.Port - 60 + random.Next(120);
            stranger.Send(new IPEndPoint(IPAddress.Loopback, port), junk.AsSpan(0, random.Next(junk.Length)));
            if (i % 50 == 0)
                await Task.Yield();
        }

        await HearsEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        Assert.That(stranger.Received(), Is.Zero, "packets to the stranger");
    }

    private static IPEndPoint After(IPEndPoint rtp) => new(rtp.Address, rtp.Port + 1);

    private static Task HearsEachOtherAsync(GoodCall one, GoodCall other) => Task.WhenAll(one.HearsAsync(other), other.HearsAsync(one));

    private static async Task SentAsync(Stranger stranger, int more)
    {
        for (var end = stranger.Sent + more; stranger.Sent < end;)
            await Task.Delay(20);
    }

    private async Task<(GoodCall Victim, GoodCall Listener)> PairAsync(bool behindProxy, bool speak)
    {
        var listener = NewCall("listener", 500);
        await listener.JoinAsync("open-victim", Clock);
        var victim = NewCall("victim", 1000, IPAddress.Parse(behindProxy ? "127.0.0.21" : "127.0.0.1"), behindProxy);
        await victim.JoinAsync("open-victim", Clock, speak);
        return (victim, listener);
    }
}
