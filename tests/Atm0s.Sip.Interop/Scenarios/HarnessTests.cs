using System.Net;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>The phones without a server: what they hear of each other is what the limits of the other tests stand on.</summary>
public sealed class HarnessTests : InteropTest
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

    [TestCase("udp", "PCMA", 30.0), TestCase("tcp", "opus", 20.0)]
    public async Task Baresips_hear_each_other(string transport, string codec, double snr)
    {
        var bob = await BaresipAsync(new PhoneOptions("bob", Nowhere, 880)
            { Transport = transport, Codec = codec, Register = false, AutoAnswer = true });
        var alice = await BaresipAsync(new PhoneOptions("alice", Nowhere, 440) { Transport = transport, Codec = codec, Register = false });
        await alice.DialUriAsync(bob.Uri);
        await alice.WaitAsync("CALL_ESTABLISHED");
        await Hearing.ToneAsync(alice, 880, snr);
        await Hearing.ToneAsync(bob, 440, snr);
        await alice.HangUpAsync();
        await bob.WaitAsync("CALL_CLOSED");
    }

    [Test]
    public void Server_lines_are_read()
    {
        var line = ServerLine.Parse("12:00:01.234 ended call=7 from=\"sip:a \\\"b\\\"@c\" cause=remote-hangup status=0 why=\"\"")!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.Kind, Is.EqualTo("ended"));
            Assert.That(line["from"], Is.EqualTo("sip:a \"b\"@c"));
            Assert.That(line["cause"], Is.EqualTo("remote-hangup"));
            Assert.That(line["why"], Is.Empty);
            Assert.That(ServerLine.Parse("Unhandled exception."), Is.Null);
        }
    }
}
