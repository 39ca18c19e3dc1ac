using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Secure;

/// <summary>Phones over TLS: they register, call, are called, and hear each other.</summary>
public sealed class TlsPhoneTests : TlsTest
{
    [Test]
    public async Task Baresips_hear_each_other([Values("PCMA", "opus")] string codec)
    {
        var server = await TlsServerAsync();
        var bob = await BaresipAsync(Phone("bob", server, 880) with { Codec = codec, AutoAnswer = true });
        var alice = await BaresipAsync(Phone("alice", server, 440) with { Codec = codec });
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await server.WaitAsync("answered", Soon, "direction=in");
        await server.WaitAsync("answered", Soon, "direction=out");
        var snr = codec == "opus" ? 20 : 30;
        await Hearing.ToneAsync(alice, 880, snr);
        await Hearing.ToneAsync(bob, 440, snr);
        await bob.HangUpAsync();
        await alice.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public async Task Baresip_over_tls_and_one_over_udp_are_in_one_call()
    {
        var server = await TlsServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { AutoAnswer = true });
        var alice = await BaresipAsync(Phone("alice", server, 440));
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, 30);
        await Hearing.ToneAsync(bob, 440, 30);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public async Task Linphone_over_tls_calls_and_is_called()
    {
        var server = await TlsServerAsync();
        var linphone = await LinphoneAsync(Phone("1006", server, 1100), server);
        var bob = await BaresipAsync(Phone("bob", server, 880) with { AutoAnswer = true });
        await linphone.DialAsync("bob");
        await bob.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(bob, 1100, 20);
        await Hearing.ToneAsync(linphone, 880, 20);
        await linphone.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
        await bob.DialAsync("1006");
        await linphone.WaitAsync("bob");
        await linphone.AnswerAsync();
        await bob.WaitAsync("CALL_ESTABLISHED");
        await bob.HangUpAsync();
        await server.WaitAsync("ended", Soon, "direction=out", "to=1006");
    }

    [Test]
    public async Task Certificate_that_is_renewed_during_a_call_is_shown_to_the_next_phone()
    {
        var server = await TlsServerAsync();
        var bob = await BaresipAsync(Phone("bob", server, 880) with { AutoAnswer = true });
        var alice = await BaresipAsync(Phone("alice", server, 440));
        await alice.DialAsync("bob");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var before = await OpenSsl.ThumbprintAsync(server.Tls);
        using var renewed = Authority.Issue("localhost", "127.0.0.1");
        Authority.WritePem(renewed, "server");
        for (var end = DateTime.UtcNow.AddMinutes(2); await OpenSsl.ThumbprintAsync(server.Tls) == before; await Task.Delay(1000))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "it is looked at once a minute");
        await Hearing.ToneAsync(alice, 880, 30);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }
}
