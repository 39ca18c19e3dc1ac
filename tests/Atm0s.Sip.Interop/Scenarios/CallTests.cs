using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>One phone calls another through the server, and each hears the other.</summary>
public sealed class CallTests : InteropTest
{
    [Test]
    public async Task Baresips_hear_each_other(
        [Values("udp", "tcp")] string transport,
        [Values("PCMA-PCMA", "PCMA-opus", "opus-opus")] string codecs)
    {
        ArgumentNullException.ThrowIfNull(codecs);
        var (callers, callees) = (codecs.Split('-')[0], codecs.Split('-')[1]);
        var server = await ServerAsync();
        var to = Address(server, transport);
        var bob = await BaresipAsync(new PhoneOptions("bob", to, 880) { Transport = transport, Codec = callees, AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", to, 440) { Transport = transport, Codec = callers });

        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("answered", Soon, "direction=in", $"codec={callers}");
        await server.WaitAsync("answered", Soon, "direction=out", $"codec={callees}");
        var snr = codecs.Contains("opus", StringComparison.Ordinal) ? 20 : 30;
        await Hearing.ToneAsync(alice, 880, snr);
        await Hearing.ToneAsync(bob, 440, snr);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    [TestCase("udp", "PCMA"), TestCase("tcp", "opus")]
    public async Task Linphone_and_baresip_hear_each_other(string transport, string codec)
    {
        var server = await ServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", Address(server, transport), 880)
            { Transport = transport, Codec = codec, AutoAnswer = true });
        var linphone = await LinphoneAsync(new PhoneOptions("1006", Address(server, transport), 1100)
            { Transport = transport, Codec = codec }, server);

        await linphone.DialAsync("bob");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("answered", Soon, "direction=in");

        // Its clock is a sleep, and its echo of a sound card repeats or drops a block now and then: the limit is for speech.
        await Hearing.ToneAsync(bob, 1100, 20);
        await Hearing.ToneAsync(linphone, 880, 20);
        await linphone.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public async Task Baresip_calls_linphone()
    {
        var server = await ServerAsync();
        var linphone = await LinphoneAsync(new PhoneOptions("1006", server.Udp, 1100) { AutoAnswer = true }, server);
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("1006");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(linphone, 440, 20);
        await alice.HangUpAsync();
        await server.WaitAsync("ended", Soon, "direction=out");
    }
}
