using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Requests that are too large for a datagram, and answers whose connection is gone (RFC 3261 §18.1.1, §18.2.2).</summary>
[SingleThreaded]
public sealed class LargeRequestTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("sip:123@10.0.3.1", 900, true)]
    [TestCase("sip:123@10.0.3.1", 10, false)]
    [TestCase("sip:123@10.0.3.1;transport=udp", 900, false)]
    public void LargeInvite_GoesOverTcp_WhereTheTargetLeavesItToUs(string target, int length, bool overTcp)
    {
        var udp = new ScriptedPhone(_all.World, "udp", "10.0.3.1");
        var tcp = new ScriptedPhone(_all.World, "tcp", "10.0.3.1", protocol: SipTransportProtocol.Tcp);
        var call = Call(target, length);
        var invite = (overTcp ? tcp : udp).WaitForRequest("INVITE");
        Assert.That((overTcp ? udp : tcp).Received, Is.Empty);
        Assert.That(invite["Via"], Does.StartWith(overTcp ? "SIP/2.0/TCP" : "SIP/2.0/UDP"));
        Assert.That(invite["Contact"].Contains(";transport=tcp", StringComparison.Ordinal), Is.EqualTo(overTcp));
        (overTcp ? tcp : udp).Respond(invite, 200, "OK", udp.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That((overTcp ? tcp : udp).WaitForRequest("ACK").StartLine, Does.StartWith("ACK"));
    }

    [Test]
    public void LargeInvite_WhereNobodyListensForTcp_GoesOverUdpAfterAll()
    {
        var udp = new ScriptedPhone(_all.World, "udp", "10.0.3.1");
        var call = Call("sip:123@10.0.3.1", 900);
        // Nobody is there for TCP: the connection is refused.
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        _all.World.Network.BreakConnection(VirtualWorld.ServerEndPoint, udp.EndPoint);
        var invite = udp.WaitForRequest("INVITE");
        Assert.That(invite["Via"], Does.StartWith("SIP/2.0/UDP"));
        Assert.That(invite["Contact"], Does.Not.Contain("tcp"));
        udp.Respond(invite, 200, "OK", udp.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void LargeInviteToAPhone_TakesTheWayItRegistered()
    {
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        var tcp = new ScriptedPhone(_all.World, "bob", "10.0.2.2", protocol: SipTransportProtocol.Tcp);
        bob.Register();
        bob.Received.Clear();
        _all.World.Await(_all.Server.CallClientAsync("r", _all.Server.FindRegistrations("bob")[0].SessionId, "1", Large(900)).AsTask());
        bob.WaitForRequest("INVITE");
        Assert.That(tcp.Received, Is.Empty);
    }

    [Test]
    public void AnswerWhoseConnectionIsGone_GoesToTheAddressInVia()
    {
        var listener = new ScriptedPhone(_all.World, "alice", "10.0.2.7", 5060, SipTransportProtocol.Tcp);
        var caller = new ScriptedPhone(_all.World, "alice", "10.0.2.7", 40_001, SipTransportProtocol.Tcp);
        var decide = new TaskCompletionSource();
        var authorize = _all.Host.Authorize;
        _all.Host.Authorize = async (request, cancellation) =>
        {
            await decide.Task;
            return await authorize(request, cancellation);
        };
        string Text(string authorization) => caller.Request("REGISTER", null, "r1", extra: listener.Contact() + authorization)
            .Replace("TCP 10.0.2.7:40001", "TCP 10.0.2.7:5060", StringComparison.Ordinal);
        caller.Send(Text(""));
        var challenge = caller.WaitForResponse("REGISTER", 401);
        caller.Send(Text(caller.Authorize(challenge, "REGISTER", "sip:test.local")));
        _all.World.RunUntil(() => _all.Host.Asked.Count == 1);
        _all.World.Network.BreakConnection(VirtualWorld.ServerEndPoint, caller.EndPoint);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        decide.SetResult();
        Assert.That(listener.WaitForResponse("REGISTER", 200)["Call-ID"], Is.EqualTo("r1"));
        Assert.That(caller.Received.Any(m => m.Status == 200), Is.False);
    }

    private static OutgoingCallOptions Large(int length) => new()
    {
        Participant = new ParticipantOptions { Headers = [new("X-Large", new string('x', length))] },
    };

    private ISipCall Call(string target, int length) =>
        _all.World.Await(_all.Server.CallServerAsync("room1", target, "456", Large(length)).AsTask());
}
