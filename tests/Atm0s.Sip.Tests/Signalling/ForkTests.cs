using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A proxy hands one INVITE of ours to several phones: several early dialogs, and several 2xx (RFC 3261 §13.2.2.4).</summary>
[SingleThreaded]
public sealed class ForkTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _proxy = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld();
        _proxy = new ScriptedPhone(_all.World, "proxy", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void FirstAnswerWins_EveryOtherIsAcknowledged_AndHungUp()
    {
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        foreach (var tag in new[] { "a", "b", "c" })
            _proxy.Respond(invite, 180, "Ringing", tag: tag);
        foreach (var tag in new[] { "b", "a", "c", "d" })
            _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: tag);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Tags("ACK"), Is.EquivalentTo(new[] { "a", "b", "c", "d" }));
        Assert.That(Tags("BYE"), Is.EquivalentTo(new[] { "a", "c", "d" }));
        Answer("BYE");
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        HangUp(call);
        AssertNothingLeft();
    }

    [Test]
    public void RepeatedOks_GetTheirAckAgain_AndNoSecondBye()
    {
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        for (var i = 0; i < 3; i++)
        {
            _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "a");
            _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "b");
        }

        _all.World.Await(call.Answered);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Tags("ACK").Count(tag => tag == "a"), Is.EqualTo(3));
        Assert.That(Tags("ACK").Count(tag => tag == "b"), Is.EqualTo(3));
        Assert.That(Tags("BYE").Distinct(), Is.EqualTo(new[] { "b" }));
        Answer("BYE");
        HangUp(call);
        AssertNothingLeft();
    }

    [Test]
    public void OkOfAFork_LongAfterTheCallWasRefused_IsHungUp()
    {
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        _proxy.Respond(invite, 180, "Ringing", tag: "a");
        _all.World.Await(call.HangUpAsync());
        _proxy.Respond(_proxy.WaitForRequest("CANCEL"), 200, "OK");
        _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "a");
        _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "b");
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Tags("BYE"), Is.EquivalentTo(new[] { "a", "b" }));
        Answer("BYE");
        AssertNothingLeft();
    }

    [Test]
    public void OkOfAFork_LongAfterTheOtherHasHungUp_IsHungUp()
    {
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "a");
        _all.World.Await(call.Answered);
        Bye(invite, "a");
        _proxy.WaitForResponse("BYE", 200);
        _all.World.Await(call.Ended);
        _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "b");
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Tags("BYE"), Is.EqualTo(new[] { "b" }));
        Answer("BYE");
        AssertNothingLeft();
    }

    [Test]
    public void ByeOfAForkThatLost_EndsNotTheCall()
    {
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        _proxy.Respond(invite, 180, "Ringing", tag: "a");
        _proxy.Respond(invite, 180, "Ringing", tag: "b");
        _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: "a");
        _all.World.Await(call.Answered);
        Bye(invite, "b");
        _proxy.WaitForResponse("BYE", 481);
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        HangUp(call);
        AssertNothingLeft();
    }

    [Test]
    public void CancelAgainst200_OnABadNetwork_LeavesNothing([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        _all.World.Network.Conditions = new LinkConditions { Loss = 0.2, Duplication = 0.2, Reordering = 0.3 };
        var call = Call();
        var invite = _proxy.WaitForRequest("INVITE");
        var answered = new HashSet<string>();
        var acknowledged = new HashSet<string>();
        var hangsUpAt = random.Next(1, 40);
        var tags = new[] { "a", "b", "c" };
        var isRefused = false;
        var seen = 0;
        Task? hangUp = null;
        for (var i = 0; i < 400; i++)
        {
            if (i == hangsUpAt)
                hangUp = call.HangUpAsync();
            if (i < 40 && random.Next(4) == 0)
                _proxy.Respond(invite, 180, "Ringing", tag: tags[random.Next(3)]);
            if (i is > 5 and < 60 && random.Next(10) == 0 && !isRefused)
                answered.Add(tags[random.Next(3)]);
            // A phone repeats its 200 until it has the ACK (RFC 3261 §13.3.1.4).
            foreach (var tag in answered.Except(acknowledged))
            {
                if (i % 8 == 0)
                    _proxy.Respond(invite, 200, "OK", _proxy.Sdp, tag: tag);
            }

            for (; seen < _proxy.Received.Count; seen++)
            {
                var message = _proxy.Received[seen];
                if (message.IsResponse)
                    continue;
                if (message.Method == "ACK")
                    acknowledged.Add(message.ToTag);
                else if (message.Method is "BYE" or "CANCEL")
                    _proxy.Respond(message, 200, "OK");
                if (message.Method == "CANCEL" && answered.Count == 0)
                {
                    isRefused = true;
                    _proxy.Respond(invite, 487, "Request Terminated", tag: "proxy");
                }
            }

            _all.World.Advance(TimeSpan.FromMilliseconds(25));
        }

        _all.World.Await(hangUp!.ContinueWith(static _ => true, TaskScheduler.Default));
        _all.World.RunUntil(
            () =>
            {
                for (; seen < _proxy.Received.Count; seen++)
                {
                    var message = _proxy.Received[seen];
                    if (!message.IsResponse && message.Method is "BYE" or "CANCEL")
                        _proxy.Respond(message, 200, "OK");
                }

                return _all.Left == (0, 0, 0, 0);
            },
            TimeSpan.FromMinutes(3));
        Assert.That(acknowledged, Is.SupersetOf(answered), "every 2xx has its ACK");
        Assert.That(Tags("BYE"), Is.SupersetOf(answered), "and every dialog its BYE");
        AssertNothingLeft();
    }

    private IEnumerable<string> Tags(string method) => _proxy.Received.Where(m => !m.IsResponse && m.Method == method).Select(m => m.ToTag);

    private void Answer(string method)
    {
        foreach (var request in _proxy.Received.Where(m => !m.IsResponse && m.Method == method).ToList())
            _proxy.Respond(request, 200, "OK");
    }

    private void Bye(SipText invite, string tag) =>
        _proxy.Send(
            $"BYE {invite.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {_proxy.Address};branch={_proxy.NewBranch()}\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["To"]};tag={tag}\r\nTo: {invite["From"]}\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");

    private ISipCall Call() => _all.World.Await(_all.Server.CallServerAsync("q", "sip:2000@10.0.3.1", "1001").AsTask());

    private void HangUp(ISipCall call)
    {
        _proxy.Received.Clear();
        var done = call.HangUpAsync();
        _proxy.Respond(_proxy.WaitForRequest("BYE"), 200, "OK");
        _all.World.Await(done);
    }

    private void AssertNothingLeft()
    {
        _all.World.Advance(TimeSpan.FromSeconds(70));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Transactions.ClientCount, Is.Zero);
        Assert.That(_all.World.MediaNetwork.OpenSockets, Is.Zero);
    }
}
