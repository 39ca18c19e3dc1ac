using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// A call that ends before it is answered: its INVITE gets one final response, and nothing stays (RFC 3261 §15.1.2, §17.2.1).
/// </summary>
[SingleThreaded]
public sealed class EarlyEndTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void EarlyBye_EndsTheInviteWith487_AndNothingStays()
    {
        var (invite, ringing) = Ring("c1");
        _all.Alice.InDialog("BYE", invite, ringing);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 487));
        _all.World.Advance(TimeSpan.FromMinutes(1));

        AssertThatNothingStays();
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public void ManyEarlyByes_DoNotFillTheTable()
    {
        for (var i = 0; i < 500; i++)
        {
            _all.Alice.Received.Clear();
            var invite = SignallingWorld.CallOpen(_all.Alice, "open-q", "e" + i);
            _all.Alice.InDialog("BYE", invite, _all.Alice.WaitForResponse("INVITE", 180));
            _all.Alice.WaitForResponse("BYE", 200);
            _all.World.Network.Sent.Clear();
        }

        // Without an ACK the 487 is given up after timer H.
        _all.World.Advance(TimeSpan.FromMinutes(1));
        AssertThatNothingStays();
    }

    [Test]
    public void HostThatHangsUpWhileItRings_GivesTheInviteItsStatus()
    {
        var (invite, _) = Ring("c1");
        _ = _all.Server.Calls.Single().HangUpAsync(603);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 603));
        _all.World.Advance(TimeSpan.FromMinutes(1));
        AssertThatNothingStays();
    }

    [Test]
    public void ServerThatStopsWhileItRings_GivesTheInviteIts503_Once()
    {
        var (invite, _) = Ring("c1");
        var stopped = _all.Server.StopAsync();
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 503));
        _all.World.Complete(stopped);
        Assert.That(_all.Alice.Received.Count(m => m.IsResponse && m.Method == "INVITE" && m.Status >= 200), Is.EqualTo(1));
    }

    [Test]
    public void CancelAfterAnEarlyBye_ChangesNothing()
    {
        var (invite, ringing) = Ring("c1");
        _all.Alice.InDialog("BYE", invite, ringing);
        _all.Alice.Cancel(invite);
        _all.Alice.WaitForResponse("CANCEL", 200);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 487));
        _all.World.Advance(TimeSpan.FromMinutes(1));

        Assert.That(_all.Alice.Received.Count(m => m.IsResponse && m.Method == "INVITE" && m.Status >= 200), Is.EqualTo(1));
        AssertThatNothingStays();
    }

    private (SipText Invite, SipText Ringing) Ring(string callId)
    {
        var invite = _all.Alice.Invite("room1", callId);
        return (invite, _all.Alice.WaitForResponse("INVITE", 180));
    }

    private void AssertThatNothingStays()
    {
        Assert.That((_all.ServerTransactions, _all.Server.Calls.Count, _all.Server.Rooms.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Dialogs.Count, Is.Zero);
    }
}
