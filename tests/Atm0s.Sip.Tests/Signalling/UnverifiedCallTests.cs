using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What callers get of us before we know who they are: no place of anybody else, no event, no repeated answer.</summary>
[SingleThreaded]
public sealed class UnverifiedCallTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void CallsWhosePasswordIsChecked_TakeNoPlace()
    {
        _all = new SignallingWorld(options => options.Calls.MaxCalls = 2);
        var authorization = Authorization("wrong");
        _all.Host.Authorize = async (request, cancellation) =>
        {
            if (request.Username == "alice")
                await Task.Delay(Timeout.Infinite, cancellation);
            return AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username));
        };
        for (var i = 0; i < 10; i++)
            _all.Alice.Send(_all.Alice.Request("INVITE", "room1", "bogus" + i, _all.Alice.Sdp, _all.Alice.Contact() + authorization));
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Invite("room1", "good");
        bob.WaitForResponse("INVITE", 200);
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [TestCase("wrong", 0, 403)]
    [TestCase("pw-alice", 61, 401)]
    public void CredentialsThatDoNotFit_AreNoCall_AndKeepNothing(string password, int secondsLater, int status)
    {
        _all = new SignallingWorld();
        var authorization = Authorization(password);
        _all.World.Advance(TimeSpan.FromSeconds(secondsLater));
        _all.Alice.Received.Clear();
        _all.Alice.Send(_all.Alice.Request("INVITE", "room1", "c1", _all.Alice.Sdp, _all.Alice.Contact() + authorization));
        _all.Alice.WaitForResponse("INVITE", status);
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        _all.World.Advance(TimeSpan.FromSeconds(40));

        Assert.That(_all.Alice.Received, Has.Count.EqualTo(1), "one answer to one packet");
        Assert.That(_all.Host.Events, Is.Empty);
    }

    [Test]
    public void CancelWhileThePasswordIsChecked_Is487_AndNoCall()
    {
        _all = new SignallingWorld();
        var asked = false;
        _all.Host.Authorize = async (_, cancellation) =>
        {
            asked = true;
            await Task.Delay(Timeout.Infinite, cancellation);
            return AuthDecision.Unknown;
        };
        var invite = _all.Alice.Invite("room1", "c1");
        _all.World.RunUntil(() => asked);
        _all.Alice.Cancel(invite);
        _all.Alice.WaitForResponse("CANCEL", 200);
        _all.Alice.WaitForResponse("INVITE", 487);
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Host.Events, Is.Empty);
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.EqualTo(new[] { 487 }));
    }

    [Test]
    public void Stop_WhileThePasswordIsChecked_Is503()
    {
        _all = new SignallingWorld();
        _all.Host.Authorize = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return AuthDecision.Unknown;
        };
        _all.Alice.Invite("room1", "c1");
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        var stopped = _all.Server.StopAsync();
        _all.Alice.WaitForResponse("INVITE", 503);
        _all.World.Complete(stopped);
    }

    [Test]
    public void RefusedOpenCall_IsAnsweredOncePerCopy_AndTheHostIsAskedOnce()
    {
        _all = new SignallingWorld();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(486));
        var invite = SignallingWorld.CallOpen(_all.Stranger, "open-1", "c1");
        _all.Stranger.WaitForResponse("INVITE", 486);
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_all.Stranger.Received, Has.Count.EqualTo(1));

        _all.Stranger.Send(invite.Raw);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Finals(_all.Stranger), Is.EqualTo(new[] { 486, 486 }));
        Assert.That(_all.Host.Invited, Has.Count.EqualTo(1));
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }

    [Test]
    public void OpenCallWithoutACommonCodec_IsRefusedOnce()
    {
        _all = new SignallingWorld();
        var sdp = _all.Stranger.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 18", StringComparison.Ordinal);
        _all.Stranger.Send(_all.Stranger.Request("INVITE", "open-1", "c1", sdp, _all.Stranger.Contact()));
        _all.Stranger.WaitForResponse("INVITE", 488);
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Stranger.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void OpenCallThatIsRefusedAfterItRang_IsToldAgainAFewTimes()
    {
        _all = new SignallingWorld();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q", TimeSpan.FromSeconds(2)));
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "c1");
        _all.World.Advance(TimeSpan.FromSeconds(40));
        var answers = SignallingWorld.Finals(_all.Stranger);
        Assert.That(answers, Is.EqualTo(new[] { 480, 480, 480 }), "the caller's phone repeats its INVITE no more");
    }

    [Test]
    public void AudioForAThirdAddress_IsAFewPacketsBeforeTheAck()
    {
        _all = new SignallingWorld();
        var sdp = _all.Stranger.Sdp.Replace("IN IP4 10.66.6.6", "IN IP4 10.99.9.9", StringComparison.Ordinal);
        var invite = _all.Stranger.Request("INVITE", "open-1", "c1", sdp, _all.Stranger.Contact());
        _all.Stranger.Send(invite);
        var ok = _all.Stranger.WaitForResponse("INVITE", 200);
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(PacketsSent(), Is.LessThanOrEqualTo(5));

        _all.Stranger.Ack(new SipText(invite), ok);
        _all.World.Advance(TimeSpan.FromSeconds(2));
        Assert.That(PacketsSent(), Is.GreaterThan(50));

        long PacketsSent() => _all.Server.Calls.Single().GetStatistics()!.PacketsSent;
    }

    [Test]
    public void OneSource_HasAPartOfTheOpenCalls_AndOthersGoOn()
    {
        _all = new SignallingWorld(options => options.Calls.MaxCalls = 20);
        for (var i = 0; i < 20; i++)
        {
            var invite = SignallingWorld.CallOpen(_all.Stranger, "open-1", "o" + i);
            var answer = _all.Stranger.WaitFor(m => m["Call-ID"] == invite["Call-ID"] && m.Status >= 200);
            if (answer.Status == 200)
                _all.Stranger.Ack(invite, answer);
        }

        Assert.That(SignallingWorld.Finals(_all.Stranger), Is.EqualTo(Enumerable.Repeat(200, 5).Concat(Enumerable.Repeat(503, 15))));
        Assert.That(_all.Stranger.Received[^1]["Retry-After"], Is.Not.Empty);
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(5));

        // Somebody else, and somebody with a password at the very same address.
        SignallingWorld.CallOpen(new ScriptedPhone(_all.World, "x", "10.66.6.7"), "open-1", "other");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 6);
        new ScriptedPhone(_all.World, "bob", "10.66.6.6", 5070).Invite("room1", "verified");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 7);
    }

    [Test]
    public void OneSource_HasFewCallsWithoutAnAck_UntilTheyEnd()
    {
        _all = new SignallingWorld(options => options.Calls.MaxUnconfirmedPerSource = 3);
        for (var i = 0; i < 5; i++)
            SignallingWorld.CallOpen(_all.Stranger, "open-1", "o" + i);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(3));

        // The 200 is given up after 32 s.
        _all.World.Advance(TimeSpan.FromSeconds(33));
        Assert.That(_all.Server.Calls, Is.Empty);
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "again");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 1);
    }

    [Test]
    public void AllSourcesTogether_HaveHalfOfTheCallsWithoutAnAck()
    {
        _all = new SignallingWorld(options => options.Calls.MaxCalls = 10);
        for (var i = 1; i <= 30; i++)
            SignallingWorld.CallOpen(new ScriptedPhone(_all.World, "x", $"10.8.0.{i}"), "open-1", "o" + i);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(5));
        _all.Answered();
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(6));
    }

    [TestCase(null, 1000)]
    [TestCase(40, 40)]
    public void CallsWithoutAnAck_AreThousandAtMost_AndWhoShowsAPasswordIsTaken(int? max, int taken)
    {
        _all = new SignallingWorld(options => options.Calls.MaxUnconfirmed = max ?? options.Calls.MaxUnconfirmed);
        for (var i = 0; i < 1100; i++)
            SignallingWorld.CallOpen(new ScriptedPhone(_all.World, "x", $"10.8.{i / 100}.{(i % 100) + 1}"), "open-1", "o" + i);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(taken));
        _all.Answered();
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(taken + 1));
    }

    [Test]
    public void WhenMediaThreadsHaveLittleTime_ItIsForThoseWhoAreKnown()
    {
        _all = new SignallingWorld();
        SetBusy(0.85);
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "o1");
        _all.World.RunUntil(() => SignallingWorld.Finals(_all.Stranger).Length == 1);
        Assert.That(SignallingWorld.Finals(_all.Stranger)[0], Is.EqualTo(503));
        _all.Answered();
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));

        SetBusy(0.7);
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "o2");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 2);

        void SetBusy(double busy)
        {
            foreach (var ticker in _all.Server.Parts.Media.Engine.Tickers)
            {
                for (var i = 0; i < 4 * 50; i++)
                    ticker.Counters.Governor.OnPeriod(busy);
            }
        }
    }

    [Test]
    public void TrustedNetworksAndTrunks_AreNotLimited()
    {
        _all = new SignallingWorld(options =>
        {
            options.Calls.MaxUnverifiedPerSource = 1;
            options.Calls.MaxUnconfirmedPerSource = 1;
            options.Access.Trust("10.66.6.0/24");
            options.Trunks.Add(new TrunkOptions { Name = "pbx", Server = "sip:10.77.7.7" });
        });
        var trunk = new ScriptedPhone(_all.World, "pbx", "10.77.7.7");
        for (var i = 0; i < 4; i++)
        {
            SignallingWorld.CallOpen(_all.Stranger, "open-1", "t" + i);
            SignallingWorld.CallOpen(trunk, "open-1", "p" + i);
        }

        _all.World.RunUntil(() => _all.Server.Calls.Count == 8);
    }

    [Test]
    public void HundredOpenCallersOfOneAddress_AreTakenByDefault()
    {
        _all = new SignallingWorld();
        var invites = Enumerable.Range(0, 200).Select(i => SignallingWorld.CallOpen(_all.Stranger, "open-" + i, "h" + i)).ToList();
        _all.World.RunUntil(() => SignallingWorld.Finals(_all.Stranger).Length == invites.Count);
        Assert.That(SignallingWorld.Finals(_all.Stranger), Has.All.EqualTo(200));
    }

    [Test]
    public void WrongPasswordOfARegister_KeepsNothing()
    {
        _all = new SignallingWorld();
        Assert.That(_all.Alice.Register(password: "guess").Status, Is.EqualTo(403));
        Assert.That(_all.ServerTransactions, Is.Zero);
    }

    private string Authorization(string password)
    {
        _all.Alice.Send(_all.Alice.Request("INVITE", "room1", "c0", _all.Alice.Sdp, _all.Alice.Contact()));
        var challenge = _all.Alice.WaitForResponse("INVITE", 401);
        _all.Alice.Received.Clear();
        return _all.Alice.Authorize(challenge, "INVITE", "sip:room1@test.local", password);
    }
}
