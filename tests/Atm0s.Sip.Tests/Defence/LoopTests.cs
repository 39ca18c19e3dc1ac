using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>A call that is made for another one goes one hop less far (RFC 7332), so that no circle goes on for ever.</summary>
[SingleThreaded]
public sealed class LoopTests
{
    private SignallingWorld _all = null!;
    private int _refused;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase(70, true, "69")]
    [TestCase(2, true, "1")]
    [TestCase(70, false, "69")]
    [TestCase(2, false, "1")]
    public void CallForAnother_HasOneHopLess(int forwards, bool isNamed, string left)
    {
        _all = new SignallingWorld();
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1");
        Ring(isNamed);
        Invite(forwards);
        Assert.That(carrier.WaitForRequest("INVITE")["Max-Forwards"], Is.EqualTo(left));
    }

    [TestCase(1, true)]
    [TestCase(0, true)]
    [TestCase(1, false)]
    public void CallThatHasComeTooFar_GoesNoFurther(int forwards, bool isNamed)
    {
        (_all, _refused) = (new SignallingWorld(), 0);
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1");
        Ring(isNamed);
        Invite(forwards);
        Assert.That(_all.Stranger.WaitFor(m => m.IsResponse && m.Status >= 300).Status, Is.EqualTo(480),
            "as of any refusal that is not about the called");
        Assert.That(_refused, Is.EqualTo(483));
        Assert.That(carrier.Received, Is.Empty);
    }

    [Test]
    public void CallOfTheHostsOwn_HasAllHops()
    {
        _all = new SignallingWorld();
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1");
        _ = _all.World.Await(_all.Server.CallServerAsync("room1", "sip:1@10.0.3.1", "2").AsTask());
        Assert.That(carrier.WaitForRequest("INVITE")["Max-Forwards"], Is.EqualTo("70"));
    }

    [Test]
    public void TwoServersWhoseHostsCallEachOther_ComeToAnEnd()
    {
        _all = new SignallingWorld();
        var second = IPEndPoint.Parse("10.0.0.9:5060");
        var other = new TestHost();
        var server = _all.World.StartServer(other.Handlers, options =>
        {
            options.Listeners[0].EndPoint = second;
            options.Authentication.RequireForCalls = false;
        });
        _all.Host.Decide = async (invite, stop) =>
        {
            await _all.Server.CallServerAsync(invite.CallId, $"sip:open-1@{second}", "1", cancellationToken: stop);
            return InviteDecision.WaitForOthers(invite.CallId);
        };
        other.Decide = async (invite, stop) =>
        {
            await server.CallServerAsync(invite.CallId, $"sip:open-1@{VirtualWorld.ServerEndPoint}", "1", cancellationToken: stop);
            return InviteDecision.WaitForOthers(invite.CallId);
        };
        Invite(70);
        _all.World.Advance(TimeSpan.FromSeconds(5));
        var hops = _all.Host.Invited.Count + other.Invited.Count;
        Assert.That(hops, Is.InRange(2, 71));
        _all.World.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_all.Host.Invited.Count + other.Invited.Count, Is.EqualTo(hops), "no growth");
    }

    // Over and over the same request by several ways (RFC 3261 §8.2.2.2).
    [Test]
    public void RequestThatComesBack_Is482()
    {
        _all = new SignallingWorld();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Stranger.Request("INVITE", "open-1", "c1", _all.Stranger.Sdp, _all.Stranger.Contact(), cseq: 1);
        _all.Stranger.Send(invite);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _all.Stranger.Send(_all.Stranger.Request("INVITE", "open-1", "c1", _all.Stranger.Sdp, _all.Stranger.Contact(), cseq: 1));
        _all.Stranger.WaitForResponse("INVITE", 482);
    }

    private void Ring(bool isNamed) => _all.Host.Decide = async (invite, stop) =>
    {
        var options = new OutgoingCallOptions { ForCallId = isNamed ? invite.CallId : null };
        var call = await _all.Server.CallServerAsync("q", "sip:1@10.0.3.1", "2", options, stop);
        if (call.Answered.IsCompleted)
            _refused = (await call.Answered).StatusCode;
        return InviteDecision.WaitForOthers("q");
    };

    private void Invite(int forwards) => _all.Stranger.Send(
        _all.Stranger.Request("INVITE", "open-1", "c1", _all.Stranger.Sdp, _all.Stranger.Contact())
            .Replace("Max-Forwards: 70", $"Max-Forwards: {forwards}", StringComparison.Ordinal));
}
