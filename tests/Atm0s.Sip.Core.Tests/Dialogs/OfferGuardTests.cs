using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Requests;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-14")]
internal sealed class OfferGuardTests
{
    [Test]
    [Property("rfc", "3261-14.2")]
    public void SecondInviteOfThePeerBeforeTheAnswer_PeerPending()
    {
        var guard = new OfferGuard();

        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.Ok));
        Assert.That(guard.CanSend(SipMethod.Invite, hasOffer: true), Is.False);
        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.PeerPending));
        guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess: true);
        Assert.That(guard.CanSend(SipMethod.Invite, hasOffer: true), Is.True);
        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.Ok));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Property("rfc", "3261-14.2")]
    public void InviteOfThePeerWhileOursIsPending_OwnPending(bool hasOffer)
    {
        var guard = new OfferGuard();
        guard.OnOwnRequest(SipMethod.Invite, hasOffer);

        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.OwnPending));
        Assert.That(guard.IsPeerInvitePending, Is.False, "the refused one leaves nothing behind");
        guard.OnOwnRequestEnded(SipMethod.Invite, isSuccess: false);
        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.Ok));
    }

    [TestCase(SipMethod.Invite, false)]
    [TestCase(SipMethod.Invite, true)]
    [TestCase(SipMethod.Update, true)]
    [Property("rfc", "3261-14.1")]
    public void OwnRequestWhileAnExchangeIsOpen_Throws(SipMethod method, bool hasOffer)
    {
        var guard = new OfferGuard();
        guard.OnOwnRequest(SipMethod.Invite, hasOffer: true);
        Assert.That(() => guard.OnOwnRequest(method, hasOffer), Throws.InvalidOperationException);
        guard.OnOwnRequestEnded(SipMethod.Invite, isSuccess: true);
        guard.OnPeerRequest(SipMethod.Update, hasOffer: true);
        Assert.That(() => guard.OnOwnRequest(method, hasOffer), Throws.InvalidOperationException);
    }

    [TestCase(SipMethod.Invite)]
    [TestCase(SipMethod.Update)]
    [Property("rfc", "3311-5.2")]
    public void UpdateWithOfferWhileOurOfferIsOpen_OwnPending(SipMethod ours)
    {
        var guard = new OfferGuard();
        guard.OnOwnRequest(ours, hasOffer: true);

        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: true), Is.EqualTo(OfferVerdict.OwnPending));
        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: false), Is.EqualTo(OfferVerdict.Ok), "it refreshes, no more");
    }

    [Test]
    [Property("rfc", "3311-5.2")]
    public void UpdateWithOfferWhileAnOfferOfThePeerIsOpen_PeerPending()
    {
        var guard = new OfferGuard();
        guard.OnPeerRequest(SipMethod.Invite, hasOffer: true);

        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: true), Is.EqualTo(OfferVerdict.PeerPending));
    }

    [Test]
    [Property("rfc", "3311-5.2")]
    public void SecondUpdateBeforeTheAnswer_PeerPending()
    {
        var guard = new OfferGuard();
        guard.OnPeerRequest(SipMethod.Update, hasOffer: false);

        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: false), Is.EqualTo(OfferVerdict.PeerPending));
        guard.OnPeerRequestEnded(SipMethod.Update, isSuccess: true);
        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: false), Is.EqualTo(OfferVerdict.Ok));
    }

    [Test]
    [Property("rfc", "3311-5.1")]
    public void UpdateWithinAnEarlyDialog_FreeOnceTheReliableAnswerIsAcknowledged()
    {
        var guard = new OfferGuard();
        guard.OnPeerRequest(SipMethod.Invite, hasOffer: true);
        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.False);
        guard.OnAnswered();
        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.True);
        Assert.That(guard.CanSend(SipMethod.Invite, hasOffer: true), Is.False);

        guard.OnOwnRequest(SipMethod.Update, hasOffer: true);
        guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess: false);
        Assert.That(guard.IsOpen, Is.True, "the end of the INVITE is not that of the UPDATE's exchange");
        guard.OnOwnRequestEnded(SipMethod.Update, isSuccess: true);
        Assert.That(guard.IsOpen, Is.False);
    }

    [Test]
    [Property("rfc", "3261-13.2.1")]
    public void OfferInOur2xx_OpenUntilTheAck()
    {
        var guard = new OfferGuard();
        guard.OnPeerRequest(SipMethod.Invite, hasOffer: false);
        guard.OnOwnOffer();
        guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess: true);

        Assert.That(guard.OnPeerRequest(SipMethod.Update, hasOffer: true), Is.EqualTo(OfferVerdict.OwnPending));
        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.OwnPending));
        guard.OnAnswered();
        Assert.That(guard.OnPeerRequest(SipMethod.Invite, hasOffer: true), Is.EqualTo(OfferVerdict.Ok));
    }

    [Test]
    public void OfferInThePeers2xx_OpenUntilOurAck()
    {
        var guard = new OfferGuard();
        guard.OnOwnRequest(SipMethod.Invite, hasOffer: false);
        guard.OnPeerOffer();
        guard.OnOwnRequestEnded(SipMethod.Invite, isSuccess: true);

        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.False);
        guard.OnAnswered();
        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.True);
    }

    [Test]
    public void RefusedUpdateOfThePeer_LeavesOurExchangeAlone()
    {
        var guard = new OfferGuard();
        guard.OnOwnRequest(SipMethod.Update, hasOffer: true);
        guard.OnPeerRequest(SipMethod.Update, hasOffer: false);
        guard.OnPeerRequestEnded(SipMethod.Update, isSuccess: false);

        Assert.That(guard.IsOpen, Is.True);
    }

    [Test]
    [Property("rfc", "3262-5")]
    public void OfferInPrack_AnsweredByIts2xx()
    {
        var guard = new OfferGuard();
        Assert.That(guard.OnPeerRequest(SipMethod.Prack, hasOffer: true), Is.EqualTo(OfferVerdict.Ok));
        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.False);
        guard.OnPeerRequestEnded(SipMethod.Prack, isSuccess: true);
        Assert.That(guard.CanSend(SipMethod.Update, hasOffer: true), Is.True);
    }

    [TestCase(true, 2100, 4000)]
    [TestCase(false, 0, 2000)]
    [Property("rfc", "3261-14.1")]
    public void BackOff_Range(bool ownsCallId, int min, int max)
    {
        Assert.That(OfferGuard.BackOff(ownsCallId, new CountingSipIds { Chooser = _ => 0 }).TotalMilliseconds, Is.EqualTo(min));
        Assert.That(OfferGuard.BackOff(ownsCallId, new CountingSipIds()).TotalMilliseconds, Is.EqualTo(max));
        Assert.That(OfferGuard.BackOff(ownsCallId, new CountingSipIds { Chooser = _ => 7 }).TotalMilliseconds, Is.EqualTo(min + 70));
    }

    [Test]
    public void RetryAfter_0To10()
    {
        Assert.That(OfferGuard.RetryAfterSeconds(new CountingSipIds { Chooser = _ => 0 }), Is.Zero);
        Assert.That(OfferGuard.RetryAfterSeconds(new CountingSipIds()), Is.EqualTo(10));
    }
}
