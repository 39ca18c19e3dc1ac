using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>A phone that holds sends nothing, and is not hung up for it (RFC 3264 §8.4, RFC 6157 §4.1).</summary>
[SingleThreaded]
public sealed class HoldTests
{
    private static readonly string[] Holds =
    [
        SdpText.Of(lines: "a=sendonly"),
        SdpText.Of(lines: "a=inactive"),
        SdpText.Of(lines: "a=recvonly"),
        SdpText.Of(connection: "IP4 0.0.0.0"),
        SdpText.Of(connection: "IP4 0.0.0.0", lines: "a=sendonly"),
        SdpText.Of(connection: "IP4 0.0.0.0", port: 9, lines: "a=inactive"),
        SdpText.Of(connection: "IP6 ::"),
        SdpText.Of(connection: "IP6 0:0::0", lines: "a=inactive"),
        SdpText.Of(connection: "IP6 hold.invalid"),
        SdpText.Of().Replace("t=0 0", "t=0 0\r\na=sendonly", StringComparison.Ordinal),
        SdpText.Of().Replace("t=0 0", "t=0 0\r\na=inactive", StringComparison.Ordinal),
    ];

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void HeldCall_Stays_AndComesBack([Range(0, 10)] int form)
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var invite = _alice.Invite("room1", "c1", SdpText.Of());
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        var ours = SdpText.Rtp(ok);
        rtp.Talk(TimeSpan.FromSeconds(1), ours);
        ReInvite(invite, ok, Holds[form]);
        rtp.Listen(TimeSpan.FromMinutes(3));

        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        ReInvite(invite, ok, SdpText.Of());
        rtp.Rtp.Clear();
        rtp.Talk(TimeSpan.FromSeconds(1), ours);
        Assert.That(rtp.Rtp, Has.Count.InRange(48, 52), "audio is back");
        rtp.Listen(TimeSpan.FromSeconds(31));
        Assert.That(_host.End(CallDirection.Incoming)?.Cause, Is.EqualTo(CallEndCause.MediaTimeout), "and so is the time-out");
    }

    [Test]
    public void CallThatBeginsOnHold_Stays_AndNothingIsSentToTheAddressNone([Range(0, 10)] int form)
    {
        Assert.That(_world.MediaNetwork.TryBind(IPAddress.Any, 1, out var zero), Is.True);
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var invite = _alice.Invite("room1", "c1", Holds[form]);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        rtp.Listen(TimeSpan.FromMinutes(3));

        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        Assert.That(zero!.Receive(new byte[2048], out _), Is.EqualTo(MediaReceive.None));
        ReInvite(invite, ok, SdpText.Of());
        rtp.Rtp.Clear();
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));
        Assert.That(rtp.Rtp, Has.Count.InRange(48, 52));
    }

    // RFC 3264 §8.2
    [Test]
    public void StreamThatEndsByPortZero_IsHeldUntilItComesBack()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var invite = _alice.Invite("room1", "c1", SdpText.Of());
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));
        var off = ReInvite(invite, ok, SdpText.Of(port: 0));
        rtp.Listen(TimeSpan.FromMilliseconds(100));
        rtp.Rtp.Clear();
        rtp.Listen(TimeSpan.FromMinutes(2));

        Assert.That(off.Body, Does.Contain("m=audio 0 "));
        Assert.That(rtp.Rtp, Is.Empty);
        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        Assert.That(SdpText.Rtp(ReInvite(invite, ok, SdpText.Of())), Is.EqualTo(SdpText.Rtp(ok)));
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));
        Assert.That(rtp.Rtp, Has.Count.InRange(48, 52));
    }

    private SipText ReInvite(SipText invite, SipText ok, string sdp)
    {
        _alice.Received.Clear();
        var again = _alice.InDialog("INVITE", invite, ok, sdp);
        var answer = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(again, answer);
        return answer;
    }
}
