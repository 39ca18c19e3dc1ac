using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>Codecs and packet times of phones, measured on what they hear and on the packets that go both ways.</summary>
public sealed class CodecTests : InteropTest
{
    /// <summary>Linphone says 6 dB less with G.722 and hears 6 dB more than baresip and ffmpeg do.</summary>
    private const double LinphonesG722 = 7;

    [Test]
    public async Task Phones_have_the_packet_time_they_ask_for([Values(10, 20, 30, 40, 60)] int packetTime)
    {
        var (server, control) = await ServerWithControlAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { PacketTime = packetTime, Register = false });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100) { PacketTime = packetTime }, server);
        await alice.DialAsync("open-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await linphone.DialAsync("open-hall");
        await server.WaitAsync("answered", Soon, "from=1006");

        await PacketRate.BecomesAsync(control, "alice", packetTime);
        await PacketRate.BecomesAsync(control, "1006", packetTime);
        await Hearing.ToneAsync(alice, 1100, 20);
        await Hearing.ToneAsync(linphone, 440, 20);
    }

    [Test]
    public async Task Opus_has_the_packet_time_that_is_asked_for([Values(10, 40, 60)] int packetTime)
    {
        var (server, control) = await ServerWithControlAsync();
        var alice = await BaresipAsync(
            new PhoneOptions("alice", server.Udp, 440) { Codec = "opus", PacketTime = packetTime, Register = false });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await PacketRate.BecomesAsync(control, "alice", packetTime);
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
    }

    // 5 kHz is out of the reach of G.711: only wide band all the way lets it through.
    [Test]
    public async Task G722_carries_wide_band_both_ways([Values("G722", "opus")] string other)
    {
        var server = await ServerAsync("--codecs", "G722,opus,PCMA");
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 5000) { Codec = "G722", Register = false });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 4500) { Codec = other, Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await server.WaitAsync("answered", Soon, "from=alice", "codec=G722");
        await Hearing.ToneAsync(alice, 4500, 15);
        await Hearing.ToneAsync(bob, 5000, 15);
    }

    [Test]
    public async Task Linphone_speaks_G722()
    {
        var server = await ServerAsync("--codecs", "G722,PCMA");
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Codec = "G722", Register = false });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100) { Codec = "G722" }, server);
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await linphone.DialAsync("open-hall");
        await server.WaitAsync("answered", Soon, "from=1006", "codec=G722");
        await Hearing.ToneAsync(bob, 1100, 20, within: LinphonesG722);
        await Hearing.ToneAsync(linphone, 880, 20, within: LinphonesG722);
    }

    // RFC 7587 §6.1: maxaveragebitrate is what the phone wants to get, over any second.
    [Test]
    public async Task Opus_keeps_to_the_bit_rate_of_the_phone()
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Codec = "opus", OpusBitrate = 8000, Register = false });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        // At 8 kbit/s SILK takes an endless tone for noise, more or less: what matters here is that it is this tone.
        await Hearing.ToneAsync(alice, 880, 5, within: 4);
        var rates = new List<int>();
        for (var end = DateTime.UtcNow + Soon + Soon; DateTime.UtcNow < end && rates.Count < 3; await Task.Delay(500))
        {
            if (alice.ReceivedBitrate() is > 0 and var rate && (rates.Count == 0 || rates[^1] != rate))
                rates.Add(rate);
        }

        await TestContext.Out.WriteLineAsync($"bits per second: {string.Join(", ", rates)}");
        Assert.That(rates, Is.Not.Empty);
        Assert.That(rates[^1], Is.InRange(4000, 8800));
    }
}
