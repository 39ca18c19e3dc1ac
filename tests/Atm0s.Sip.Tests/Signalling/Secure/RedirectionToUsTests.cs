using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Secure;

/// <summary>Contacts that lead to this server itself, by the port of their transport (RFC 3263 §4.2).</summary>
public sealed class RedirectionToUsTests
{
    [TestCase("sip:carol@10.0.0.8;transport=tls")]
    [TestCase("sip:carol@10.0.0.8:5061;transport=tls")]
    [TestCase("sip:carol@10.0.0.1")]
    public async Task UserOfOurs_IsRung(string contact)
    {
        await using var all = new SignallingWorld(options =>
        {
            options.Tls.SelfSigned = true;
            options.Listen(SipTransportProtocol.Tls, IPEndPoint.Parse("10.0.0.8:5061"));
        });
        var (bob, carol) = (new ScriptedPhone(all.World, "bob", "10.0.2.2"), new ScriptedPhone(all.World, "carol", "10.0.2.3"));
        Assert.That((bob.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        all.World.Await(all.Server.CallUserAsync("room1", "bob", "1001").AsTask());
        bob.Respond(bob.WaitForRequest("INVITE"), 302, "Moved Temporarily", extra: $"Contact: <{contact}>\r\n");
        carol.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
    }
}
