using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What strangers send in masses shuts out nobody (RFC 3261 §8.2.7, §21.5.4).</summary>
[SingleThreaded]
public sealed class OverloadTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void HundredThousandOptions_LeaveNothing_AndShutOutNobody()
    {
        _all = new SignallingWorld();
        var (invite, ok) = _all.Answered();
        var before = _all.ServerTransactions;
        for (var i = 0; i < 100_000; i++)
        {
            _all.Stranger.Send(Options("f" + i));
            if (i % 2000 == 0)
                Drain();
        }

        Drain();
        Assert.That(_all.ServerTransactions, Is.LessThanOrEqualTo(before));
        AssertThatCallsGoOn(invite, ok);
        _all.Alice.Received.Clear();
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
    }

    [Test]
    public void FullTable_RefusesWhatIsNew_ButNotWhatBelongsToACall()
    {
        _all = new SignallingWorld(options => options.MaxTransactions = 100);
        var (invite, ok) = _all.Answered();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        for (var i = 1; i <= 100; i++)
            SignallingWorld.CallOpen(new ScriptedPhone(_all.World, "p", $"10.7.0.{i}"), "open-q", "w" + i);
        _all.World.RunUntil(() => _all.ServerTransactions >= 100);

        _all.Stranger.Received.Clear();
        _all.Stranger.Send(Options("one-more"));
        var refused = _all.Stranger.WaitForResponse("OPTIONS", 503);
        Assert.That(refused["Retry-After"], Is.Not.Empty);
        AssertThatCallsGoOn(invite, ok);
    }

    [Test]
    public void Options_AreAnsweredAgainForEachCopy_WithOneTag()
    {
        _all = new SignallingWorld();
        var options = Options("o1");
        _all.Stranger.Send(options);
        _all.Stranger.Send(options);
        _all.World.RunUntil(() => _all.Stranger.Received.Count == 2);

        Assert.That(_all.Stranger.Received.Select(m => m.Raw).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_all.Stranger.Received[0]["Allow"], Does.Contain("INVITE"));
        Assert.That(_all.ServerTransactions, Is.Zero);
    }

    [TestCase("INVITE", "", 401)]
    [TestCase("REGISTER", "", 401)]
    [TestCase("SUBSCRIBE", "", 405)]
    [TestCase("FOO", "", 501)]
    [TestCase("BYE", "", 481)]
    [TestCase("OPTIONS", "Require: nonsense\r\n", 420)]
    [TestCase("OPTIONS", "", 200)]
    public void AnswersToStrangers_HaveOneTagForEachCopyOfARequest_AndKeepNothing(string method, string extra, int status)
    {
        _all = new SignallingWorld();
        var request = _all.Alice.Request(method, "room1", "c1", method == "INVITE" ? _all.Alice.Sdp : "", _all.Alice.Contact() + extra);
        _all.Alice.Send(request);
        _all.Alice.Send(request);
        _all.Alice.Send(_all.Alice.Request(method, "room1", "c2", method == "INVITE" ? _all.Alice.Sdp : "", _all.Alice.Contact() + extra));
        _all.World.RunUntil(() => _all.Alice.Received.Count == 3);

        Assert.That(_all.Alice.Received.Select(m => m.Status), Has.All.EqualTo(status));
        var tags = _all.Alice.Received.Select(m => m.ToTag).ToArray();
        Assert.That(tags[0], Has.Length.GreaterThanOrEqualTo(8).And.EqualTo(tags[1]).And.Not.EqualTo(tags[2]));
        Assert.That(_all.ServerTransactions, Is.Zero);
    }

    private void AssertThatCallsGoOn(SipText invite, SipText ok)
    {
        _all.Alice.Received.Clear();
        var again = _all.Alice.InDialog("INVITE", invite, ok, _all.Alice.Sdp);
        _all.Alice.Ack(again, _all.Alice.WaitForResponse("INVITE", 200));
        _all.Alice.InDialog("BYE", invite, ok);
        Assert.That(_all.Alice.WaitFor(m => m.IsResponse && m.Method == "BYE").Status, Is.EqualTo(200));
        Assert.That(_all.Server.Calls.Any(c => c.Info.From == "alice"), Is.False);
    }

    private void Drain()
    {
        _all.World.Advance(TimeSpan.FromMilliseconds(20));
        _all.World.Network.Sent.Clear();
        _all.Stranger.Received.Clear();
    }

    private static string Options(string id) =>
        $"OPTIONS sip:x@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.66.6.6:5060;branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@b>;tag=1\r\nTo: <sip:x@test.local>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
}
