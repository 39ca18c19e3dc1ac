using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Tests.Requests;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-14")]
public class ReinviteGuardTests
{
    [Test]
    [Property("rfc", "3261-14.2")]
    public void OnPeerInvite_SecondBeforeAnswer_500()
    {
        var guard = new ReinviteGuard();

        Assert.That(guard.OnPeerInvite(), Is.EqualTo(ReinviteVerdict.Ok));
        Assert.That(guard.CanSend, Is.False);
        Assert.That(guard.OnPeerInvite(), Is.EqualTo(ReinviteVerdict.PeerPending));
        guard.OnPeerInviteAnswered();
        Assert.That(guard.CanSend, Is.True);
        Assert.That(guard.OnPeerInvite(), Is.EqualTo(ReinviteVerdict.Ok));
    }

    [Test]
    [Property("rfc", "3261-14.2")]
    public void OnPeerInvite_WhileOursIsPending_491()
    {
        var guard = new ReinviteGuard();
        guard.OnOwnInvite();

        Assert.That(guard.OnPeerInvite(), Is.EqualTo(ReinviteVerdict.OwnPending));
        Assert.That(guard.IsPeerPending, Is.False, "the refused one leaves nothing behind");
        guard.OnOwnInviteAnswered();
        Assert.That(guard.OnPeerInvite(), Is.EqualTo(ReinviteVerdict.Ok));
    }

    [Test]
    [Property("rfc", "3261-14.1")]
    public void OnOwnInvite_WhileAnyIsPending_Throws()
    {
        var guard = new ReinviteGuard();
        guard.OnOwnInvite();
        Assert.That(guard.OnOwnInvite, Throws.InvalidOperationException);
        guard.OnOwnInviteAnswered();
        guard.OnPeerInvite();
        Assert.That(guard.OnOwnInvite, Throws.InvalidOperationException);
    }

    [TestCase(true, 2100, 4000)]
    [TestCase(false, 0, 2000)]
    [Property("rfc", "3261-14.1")]
    public void BackOff_Range(bool ownsCallId, int least, int most)
    {
        Assert.That(ReinviteGuard.BackOff(ownsCallId, new CountingSipIds { Chooser = _ => 0 }).TotalMilliseconds, Is.EqualTo(least));
        Assert.That(ReinviteGuard.BackOff(ownsCallId, new CountingSipIds()).TotalMilliseconds, Is.EqualTo(most));
        Assert.That(ReinviteGuard.BackOff(ownsCallId, new CountingSipIds { Chooser = _ => 7 }).TotalMilliseconds, Is.EqualTo(least + 70));
    }

    [Test]
    public void RetryAfter_0To10()
    {
        Assert.That(ReinviteGuard.RetryAfterSeconds(new CountingSipIds { Chooser = _ => 0 }), Is.Zero);
        Assert.That(ReinviteGuard.RetryAfterSeconds(new CountingSipIds()), Is.EqualTo(10));
    }
}
