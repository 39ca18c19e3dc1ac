using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>
/// The host is told how the phone is known that wants a transfer, for a transfer calls somebody in its name (RFC 3515 §5.2).
/// </summary>
[Property("rfc", "3515-5.2")]
public sealed class ReferrerIdentityTests
{
    private const string ToCarol = "<sip:carol@test.local>";

    [Test]
    public async Task Password_IsDigest()
    {
        await using var world = new TransferWorld();
        var call = world.Call(world.Alice, "a");

        world.Refer(world.Alice, call, ToCarol);

        Assert.That(world.Asked.Single().Authentication, Is.EqualTo(CallerAuthentication.Digest));
    }

    [Test]
    public async Task OpenNumber_IsNone()
    {
        await using var world = new TransferWorld(options => options.Authentication.OpenNumberPrefixes.Add("open-"));
        var call = CallUnasked(world);

        world.Refer(world.Alice, call, ToCarol);

        Assert.That(world.Asked.Single().Authentication, Is.EqualTo(CallerAuthentication.None));
    }

    [Test]
    public async Task TrustedAddress_IsAddress()
    {
        await using var world = new TransferWorld(options => options.Access.Trust("10.0.2.1"));
        var call = CallUnasked(world);

        world.Refer(world.Alice, call, ToCarol);

        Assert.That(world.Asked.Single().Authentication, Is.EqualTo(CallerAuthentication.Address));
    }

    [Test]
    public async Task UserWhoWasCalled_IsDigest()
    {
        await using var world = new TransferWorld();
        world.Alice.Register();
        world.World.Complete(world.Server.CallUserAsync("room1", "alice", "100").AsTask());
        var invite = world.WaitFor(world.Alice, m => m.Method == "INVITE");
        world.Alice.Respond(invite, 200, "OK", world.Alice.Sdp, "tag-a");
        var ack = world.WaitFor(world.Alice, m => m.Method == "ACK");

        world.Alice.Send(
            $"REFER {invite.ContactUri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP {world.Alice.Address};branch={world.Alice.NewBranch()};rport\r\nMax-Forwards: 70\r\n"
            + $"From: {ack["To"]}\r\nTo: {ack["From"]}\r\nCall-ID: {invite["Call-ID"]}\r\nCSeq: 7 REFER\r\n"
            + world.Alice.Contact() + $"Refer-To: {ToCarol}\r\nContent-Length: 0\r\n\r\n");
        world.RunUntil(() => world.Asked.Count > 0);

        Assert.That(world.Asked.Single().Authentication, Is.EqualTo(CallerAuthentication.Digest));
    }

    private static (SipText Invite, SipText Ok) CallUnasked(TransferWorld world)
    {
        var text = world.Alice.Request("INVITE", "open-1", "a", world.Alice.Sdp, world.Alice.Contact());
        world.Alice.Send(text);
        var ok = world.WaitFor(world.Alice, m => m.IsResponse && m.Method == "INVITE" && m.Status == 200);
        var invite = new SipText(text);
        world.Alice.Ack(invite, ok);
        world.Run(0.05);
        return (invite, ok);
    }
}
