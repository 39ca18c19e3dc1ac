using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>
/// Messages that cross each other, over a network that loses, doubles and overtakes (RFC 5407): whatever is seen first, both sides come to
/// the same end.
/// </summary>
[SingleThreaded]
public sealed class RaceTests
{
    private const int Seeds = 20;

    [Test]
    public async Task HangUpThatCrossesTheAnswer([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed);
        all.B.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room"));
        var ofA = all.Call(all.A);
        all.World.RunUntil(() => all.B.Find(ofA.Info.SipCallId)?.State == CallState.Ringing);
        all.World.Network.Conditions = TwoServers.Bad;
        var ofB = all.B.Find(ofA.Info.SipCallId)!;
        // The CANCEL goes out up to 40 ms before or after the 200.
        var (first, second) = seed % 2 == 0 ? (ofA, ofB) : (ofB, ofA);
        _ = ReferenceEquals(first, ofA) ? first.HangUpAsync() : first.AnswerAsync();
        all.Advance(seed % 9 * 0.005);
        _ = ReferenceEquals(second, ofA) ? second.HangUpAsync() : second.AnswerAsync();
        all.World.RunUntil(() => ofA.State == CallState.Ended && ofB.State == CallState.Ended, TimeSpan.FromSeconds(70));
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task BothHangUpAtOnce([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed);
        var (ofA, ofB) = all.Up();
        all.World.Network.Conditions = TwoServers.Bad;
        _ = ofA.HangUpAsync();
        all.Advance(seed % 5 * 0.005);
        _ = ofB.HangUpAsync();
        all.World.RunUntil(() => ofA.State == CallState.Ended && ofB.State == CallState.Ended, TimeSpan.FromSeconds(1));
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task HoldThatCrossesAHangUp([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed);
        var (ofA, ofB) = all.Up();
        all.World.Network.Conditions = TwoServers.Bad;
        var hold = (seed % 2 == 0 ? ofA : ofB).HoldAsync();
        all.Advance(seed % 7 * 0.005);
        _ = ofB.HangUpAsync();
        all.World.RunUntil(() => ofA.State == CallState.Ended && ofB.State == CallState.Ended, TimeSpan.FromSeconds(70));
        Assert.That(all.World.Await(hold), Is.EqualTo(CallCommandResult.Ended).Or.EqualTo(CallCommandResult.Done));
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task BothHoldAtOnce_AndResume_AndAgreeInTheEnd([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed);
        var (ofA, ofB) = all.Up();
        all.World.Network.Conditions = TwoServers.Bad;
        for (var i = 0; i < 2; i++)
        {
            var one = i == 0 ? ofA.HoldAsync(seed % 3 == 0 ? new ToneEndpoint(600) : null) : ofA.ResumeAsync();
            all.Advance(seed % 5 * 0.005);
            var other = i == 0 ? ofB.HoldAsync() : ofB.ResumeAsync();
            Assert.That(all.World.Await(one, TimeSpan.FromSeconds(60)), Is.EqualTo(CallCommandResult.Done), all.Trace);
            Assert.That(all.World.Await(other, TimeSpan.FromSeconds(60)), Is.EqualTo(CallCommandResult.Done), all.Trace);
            all.Advance(2);
            all.AssertThatBothAgree(ofA.Info.SipCallId);
        }

        _ = ofA.HangUpAsync();
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task RefreshThatCrossesAHold_OrAHangUp([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed, static options => options.Calls.SessionInterval = TimeSpan.FromSeconds(90));
        var (ofA, ofB) = all.Up();
        all.Pass(44.7);
        all.Advance(0.15 + (seed % 10 * 0.005));
        all.World.Network.Conditions = TwoServers.Bad;
        var hold = (seed % 2 == 0 ? ofA : ofB).HoldAsync();
        if (seed % 4 < 2)
        {
            all.Advance(0.02);
            _ = ofA.HangUpAsync();
        }

        all.World.Complete(hold, TimeSpan.FromSeconds(70));
        all.World.Network.Conditions = new();
        all.Pass(100);
        all.AssertThatBothAgree(ofA.Info.SipCallId);
        Assert.That(ofA.State, Is.EqualTo(seed % 4 < 2 ? CallState.Ended : CallState.Answered), "it is refreshed all the same");
        _ = ofA.HangUpAsync();
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task ReliableRinging_WhateverIsLost_IsAnswered([Range(1, Seeds)] int seed)
    {
        await using var all = new TwoServers(seed);
        all.World.Network.Conditions = TwoServers.Bad;
        all.B.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room", earlyMedia: true));
        var ofA = all.Call(all.A, options: new OutgoingCallOptions { EarlyMedia = true });
        all.World.RunUntil(() => all.B.Find(ofA.Info.SipCallId)?.State == CallState.Ringing, TimeSpan.FromSeconds(20));
        var ofB = all.B.Find(ofA.Info.SipCallId)!;
        all.Advance(seed % 20 * 0.01);
        all.World.Complete(ofB.AnswerAsync());
        all.World.RunUntil(() => ofA.State == CallState.Answered && ofB.State == CallState.Answered, TimeSpan.FromSeconds(35));
        Assert.That(all.World.Network.Sent.Any(p => p.Text.StartsWith("PRACK", StringComparison.Ordinal)), Is.True);
        all.Pass(33);
        Assert.That(ofB.State, Is.EqualTo(CallState.Answered), "the ACK has come");
        _ = ofB.HangUpAsync();
        all.AssertThatNothingStays();
    }

    [Test]
    public async Task CallerWhoIsGone_AtAnyMomentOfTheSetUp([Range(1, 61, 2)] int step, [Values] bool earlyMedia)
    {
        await using var all = new TwoServers(1);
        all.B.Host.Decide = async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), all.World.Time, cancellation);
            return earlyMedia ? InviteDecision.WaitForOthers("room", earlyMedia: true) : InviteDecision.JoinRoom("room");
        };
        var ofA = all.Call(all.A);
        for (var i = 0; i < step; i++)
        {
            all.World.Advance(VirtualWorld.Step);
            if (step > 40 && i == 40 && all.B.Find(ofA.Info.SipCallId) is { } waiting)
                _ = waiting.AnswerAsync();
        }

        _ = ofA.HangUpAsync();
        all.World.RunUntil(() => ofA.State == CallState.Ended);
        all.AssertThatNothingStays();
        Assert.That(all.B.Server.Calls, Is.Empty);
    }

    [Test]
    public async Task ConnectionThatBreaks_AtAnyPacketOfACall([Range(1, 14)] int packet)
    {
        await using var all = new TwoServers(1) { IsTcp = true };
        all.B.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room", earlyMedia: true));
        var count = 0;
        var isBroken = false;
        all.World.Network.Filter = _ =>
        {
            if (++count != packet)
                return true;
            isBroken = true;
            foreach (var side in new[] { all.A, all.B })
            {
                foreach (var port in Enumerable.Range(5060, 4))
                    all.World.Network.BreakConnection(
                        System.Net.IPEndPoint.Parse(side.Address), new(VirtualWorld.ServerEndPoint.Address, port));
            }

            return false;
        };
        var ofA = all.Call(all.A);
        all.Advance(0.3);
        foreach (var waiting in all.B.Server.Calls)
            _ = waiting.AnswerAsync();
        all.Advance(0.3);
        var hold = ofA.HoldAsync();
        all.Advance(0.3);
        var resume = ofA.ResumeAsync();
        all.Advance(0.3);
        _ = ofA.HangUpAsync();
        all.World.Complete(hold);
        all.World.Complete(resume);
        all.Pass(40);
        foreach (var left in all.B.Server.Calls)
            _ = left.HangUpAsync();
        all.AssertThatNothingStays();
        Assert.That(isBroken, Is.True, () => $"{count} packets");
    }

    [Test]
    public async Task OneSideIsCutOff_AtAnyPacketOfACall([Range(1, 30)] int packet, [Values] bool ofA)
    {
        await using var all = new TwoServers(1);
        all.B.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room", earlyMedia: true));
        var count = 0;
        var mute = (ofA ? all.A : all.B).Address;
        all.World.Network.Filter = p => ++count < packet || p.Source.ToString() != mute;
        var call = all.Call(all.A);
        all.Advance(0.3);
        foreach (var waiting in all.B.Server.Calls)
            _ = waiting.AnswerAsync();
        all.Advance(0.3);
        var hold = call.HoldAsync();
        all.Advance(0.3);
        _ = call.HangUpAsync();
        all.World.Complete(hold, TimeSpan.FromSeconds(70));
        all.Pass(70);
        foreach (var left in all.A.Server.Calls.Concat(all.B.Server.Calls))
            _ = left.HangUpAsync();
        all.AssertThatNothingStays();
    }
}
