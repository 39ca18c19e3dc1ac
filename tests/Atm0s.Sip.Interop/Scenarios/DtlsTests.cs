using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>baresip's module dtls_srtp (OpenSSL): keys along the path of the audio, tones measured on both sides (RFC 5763).</summary>
public sealed class DtlsTests : InteropTest
{
    [Test]
    public async Task PhoneCalls_AndBothAreHeard([Values("PCMA", "opus")] string codec, [Values("udp", "tcp")] string transport)
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(Secure("alice", server, 440, codec, transport));
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        await alice.DialAsync("open-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
        Assert.That(IsEncrypted(alice), Is.True, "it says so itself");
    }

    [Test]
    public async Task PhoneIsCalled_AndBothAreHeard([Values("PCMA", "opus")] string codec, [Values("udp", "tcp")] string transport)
    {
        using var folder = new Processes.TempFolder();
        await File.WriteAllTextAsync(folder["sip.json"], """{ "Sip": { "Media": { "Encryption": "Require" } } }""");
        var server = await ServerAsync("--config", folder["sip.json"]);
        var alice = await BaresipAsync(Secure("alice", server, 440, codec, transport) with { AutoAnswer = true, Register = true });
        var bob = await BaresipAsync(Secure("bob", server, 880, "PCMA", "udp"));
        await bob.DialAsync("alice");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
        Assert.That(IsEncrypted(alice) && IsEncrypted(bob), Is.True, "both say so themselves");
    }

    [Test]
    public async Task OnePortForBoth_AndOneForEach([Values] bool rtcpMux)
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(Secure("alice", server, 440, "PCMA", "udp") with { RtcpMux = rtcpMux });
        var bob = await BaresipAsync(Secure("bob", server, 880, "PCMA", "udp") with { RtcpMux = rtcpMux });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
    }

    [Test]
    public async Task PathByIce()
    {
        var server = await ServerAsync();
        var alice = await BaresipAsync(Secure("alice", server, 440, "PCMA", "udp") with { HasIce = true, RtcpMux = true });
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.ToneAsync(alice, 880, 20);
        await Hearing.ToneAsync(bob, 440, 20);
    }

    private static bool IsEncrypted(Baresip phone) =>
        phone.Process.Output.Lines.Concat(phone.Process.Errors.Lines).Any(line => line.Contains("dtls_srtp", StringComparison.Ordinal));

    private static PhoneOptions Secure(string user, Processes.RoomServerProcess server, double hz, string codec, string transport) =>
        new(user, Address(server, transport), hz) { Codec = codec, Transport = transport, Encryption = "dtls_srtp", Register = false };
}
