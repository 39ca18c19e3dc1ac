using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Reliable;

/// <summary>Our provisional responses to a caller that wants them acknowledged (RFC 3262 §3, §5).</summary>
[SingleThreaded]
public sealed class ReliableRingingTests
{
    private const string Required = "Require: 100rel\r\n";
    private const string Supported = "Supported: 100rel\r\n";
    private const string Video = "m=video 5000 RTP/AVP 31\r\n";

    private DialogWorld _all = null!;

    private ScriptedPhone Phone => _all.Phone;

    [SetUp]
    public void SetUp() => _all = new DialogWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void RequiredByTheCaller_The180IsReliable_AndIsRepeatedUntilItsPrack()
    {
        var (_, ringing, dialog) = Ring(early: false, Required);
        Assert.That((ringing.Status, ringing["Require"], ringing.Body), Is.EqualTo((180, "100rel", "")));
        Assert.That(ringing["Allow"], Does.Contain("UPDATE"));
        _all.Advance(3.6);
        Assert.That(Phone.Received.Count(m => m.Status == 180), Is.EqualTo(4), "at 0, 0.5, 1.5 and 3.5 s");
        Assert.That(Phone.Received.Where(m => m.Status == 180).Select(m => m.Raw).Distinct().Count(), Is.EqualTo(1));

        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(200));
        Phone.Received.Clear();
        _all.Advance(30);
        Assert.That(Phone.Received, Is.Empty);
        Finish(dialog);
    }

    [Test]
    public void RequiredByTheCaller_The180IsSaidAgainEachMinute_WithTheNextNumber()
    {
        var (_, first, dialog) = Ring(early: false, Required, TimeSpan.FromMinutes(5));
        dialog.Final(dialog.Prack(first));
        Phone.Received.Clear();
        var second = Phone.WaitForResponse("INVITE", 180, TimeSpan.FromSeconds(61));
        Assert.That(uint.Parse(second["RSeq"], null), Is.EqualTo(uint.Parse(first["RSeq"], null) + 1));
        Assert.That(dialog.Final(dialog.Prack(second)).Status, Is.EqualTo(200));
        Finish(dialog);
    }

    [Test]
    public void SupportedByTheCaller_OnlyTheDescriptionIsReliable([Values] bool early)
    {
        var (_, ringing, _) = Ring(early, Supported);
        Assert.That((ringing.Status, ringing["Require"]), Is.EqualTo(early ? (183, "100rel") : (180, "")));
        Assert.That(ringing.Body.Length > 0, Is.EqualTo(early));
        _all.Advance(2);
        Assert.That(Phone.Received.Count(m => m.Status == ringing.Status), Is.EqualTo(early ? 3 : 1));
    }

    [Test]
    public void UnknownToTheCaller_NothingIsReliable()
    {
        var (_, ringing, _) = Ring(early: true, "");
        Assert.That((ringing.Status, ringing["Require"], ringing["RSeq"]), Is.EqualTo((183, "", "")));
        Assert.That(ringing.Body, Is.Not.Empty);
    }

    [Test]
    public void DescriptionWithoutPrack_The200WaitsForIt_AndHasNoDescriptionOfItsOwn()
    {
        var (invite, ringing, dialog) = Ring(early: true, Required);
        Assert.That(_all.World.Await(_all.Call.AnswerAsync()), Is.EqualTo(CallCommandResult.Done));
        _all.Advance(2);
        Assert.That(_all.Statuses("INVITE"), Is.Empty, "held");
        dialog.Final(dialog.Prack(ringing));
        var ok = Phone.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Is.Empty);
        dialog.Ack(invite, ok);
        _all.Advance(1);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Finish(dialog);
    }

    [Test]
    public void HeldForThePrackThatNeverComes_Is504_NotTheTimeOutOfTheWait()
    {
        Ring(early: true, Required, TimeSpan.FromSeconds(20));
        _all.Advance(5);
        _ = _all.Call.AnswerAsync();
        var refused = Phone.WaitFor(m => m.IsResponse && m.Status >= 200, TimeSpan.FromSeconds(40));
        Assert.That((refused.Status, _all.Cause), Is.EqualTo((504, (CallEndCause?)CallEndCause.AckTimeout)));
    }

    [Test]
    public void NoPrack_Is504After64T1()
    {
        var (invite, ringing, dialog) = Ring(early: false, Required);
        _all.Advance(31.5);
        Assert.That(_all.Statuses("INVITE"), Is.Empty);
        _all.Advance(1);
        var refused = Phone.WaitForResponse("INVITE", 504);
        dialog.Ack(invite, refused);
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(481), "too late");
        Assert.That((_all.Story, _all.Cause), Is.EqualTo(("Connecting Ringing Ended", (CallEndCause?)CallEndCause.AckTimeout)));
        _all.AssertThatNothingStays();
    }

    [TestCase("RAck: 4711 {cseq} INVITE", 481)]
    [TestCase("RAck: {rseq} 4711 INVITE", 481)]
    [TestCase("RAck: {rseq} {cseq} invite", 481)]
    [TestCase("RAck: {rseq} {cseq} UPDATE", 481)]
    [TestCase("RAck: {rseq} {cseq}", 400)]
    [TestCase("RAck: x y INVITE", 400)]
    [TestCase("X-None: 1", 400)]
    public void PrackThatDoesNotFit_IsRefused_AndTheRingingGoesOn(string rack, int status)
    {
        var (_, ringing, dialog) = Ring(early: false, Required);
        var line = rack.Replace("{rseq}", ringing["RSeq"], StringComparison.Ordinal)
            .Replace("{cseq}", ringing["CSeq"].Split(' ')[0], StringComparison.Ordinal);
        Assert.That(dialog.Ask("PRACK", extra: line + "\r\n").Status, Is.EqualTo(status));
        Phone.Received.Clear();
        _all.Advance(2);
        Assert.That(Phone.Received.Count(m => m.Status == 180), Is.GreaterThan(0), "still repeated");
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(200));
        Finish(dialog);
    }

    [Test]
    public void SecondPrackForTheSame_Is481()
    {
        var (_, ringing, dialog) = Ring(early: false, Required);
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(200));
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(481));
        Finish(dialog);
    }

    [Test]
    public void PrackThatCrossesThe200_IsAnswered_AndChangesNothing()
    {
        var (invite, ringing, dialog) = Ring(early: false, Required);
        _ = _all.Call.AnswerAsync();
        var ok = Phone.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Is.Not.Empty, "a 180 without description holds nothing up");
        dialog.Ack(invite, ok);
        _all.Advance(0.05);
        var hold = _all.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(200));
        // Our offer is still open: another one comes too early.
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(491));
        Phone.Respond(offer, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog);
    }

    [Test]
    public void InviteWithoutOffer_GetsItReliably_AndTheAnswerComesInThePrack()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported, sdp: "");
        Assert.That((ringing.Status, ringing.Body.Length > 0), Is.EqualTo((183, true)));
        Assert.That(dialog.Final(dialog.Prack(ringing, Phone.Sdp)).Status, Is.EqualTo(200));
        _ = _all.Call.AnswerAsync();
        var ok = Phone.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Is.Empty);
        dialog.Ack(invite, ok);
        _all.Advance(0.1);
        Assert.That((_all.Call.State, _all.Call.GetStatistics()!.Remote!.Port), Is.EqualTo((CallState.Answered, 4000)));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200), "no offer is open");
        Finish(dialog);
    }

    // RFC 3311 §5.2
    [Test]
    public void InviteWithoutOffer_UpdateWhileOursHasNoAnswer_Is491()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported, sdp: "");
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(491));
        Assert.That(dialog.Final(dialog.Prack(ringing, Phone.Sdp)).Status, Is.EqualTo(200));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200), "the PRACK has had the answer");
        _ = _all.Call.AnswerAsync();
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 200));
        Finish(dialog);
    }

    [Test]
    public void InviteWithoutOffer_PrackWithoutAnswer_TheOfferComesAgainInThe200()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported, sdp: "");
        Assert.That(dialog.Final(dialog.Prack(ringing)).Status, Is.EqualTo(200));
        _ = _all.Call.AnswerAsync();
        var ok = Phone.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Is.EqualTo(ringing.Body));
        dialog.Ack(invite, ok, Phone.Sdp);
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Finish(dialog);
    }

    [Test]
    public void InviteWithoutOffer_AnswerInThePrackThatCanNotBeUsed_EndsIt()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported, sdp: "");
        Assert.That(dialog.Final(dialog.Prack(ringing, "v=0\r\nrubbish")).Status, Is.EqualTo(200));
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 488));
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void InviteWithoutOffer_AndWithout100rel_RingsWithoutADescription()
    {
        var (invite, ringing, dialog) = Ring(early: true, "", sdp: "");
        Assert.That((ringing.Status, ringing.Body), Is.EqualTo((180, "")));
        _ = _all.Call.AnswerAsync();
        var ok = Phone.WaitForResponse("INVITE", 200);
        dialog.Ack(invite, ok, Phone.Sdp);
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Finish(dialog);
    }

    [Test]
    public void OfferInAPrack_IsAnsweredInIts200_AndTheCallIsAnswered()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported);
        _ = _all.Call.AnswerAsync();
        _all.Advance(0.1);
        var answer = dialog.Final(dialog.Prack(ringing, Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal)));
        Assert.That((answer.Status, answer.Body.Length > 0), Is.EqualTo((200, true)));
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 200));
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
        Finish(dialog);
    }

    [Test]
    public void OfferInAPrackThatNamesASlowHost_IsAnsweredWhenItIsFound_AndItsRepetitionsMeanNothing()
    {
        var found = new TaskCompletionSource();
        _all.World.Hosts.Add("media.test", "10.0.2.2");
        _all.World.Hosts.Wait = _ => found.Task;
        var (_, ringing, dialog) = Ring(early: true, Supported);
        var prack = dialog.Prack(ringing, Phone.Sdp.Replace("IP4 10.0.2.2\r\nt=", "IP4 media.test\r\nt=", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            _all.Advance(0.5);
            Phone.Send(prack.Raw);
        }

        Assert.That(_all.Statuses("PRACK"), Is.Empty);
        found.SetResult();
        Assert.That(dialog.Final(prack).Status, Is.EqualTo(200));
        _all.Advance(5);
        Assert.That(_all.Statuses("PRACK").Distinct(), Is.EqualTo(new[] { 200 }));
        Finish(dialog);
    }

    [Test]
    public void OfferInAPrackThatCanNotBeAnswered_IsRefused_AndTheCallGoesOnAsItWas()
    {
        var (invite, ringing, dialog) = Ring(early: true, Supported);
        var refused = dialog.Final(
            dialog.Prack(ringing, "v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=-\r\nc=IN IP4 10.0.2.2\r\nt=0 0\r\n" + Video));
        Assert.That(refused.Status, Is.EqualTo(488));
        _ = _all.Call.AnswerAsync();
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 200));
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Finish(dialog);
    }

    [Test]
    public void PrackThatChangesNoTarget_TheByeStillGoesToTheContact()
    {
        var (invite, ringing, dialog) = Ring(early: false, Required);
        var prack = dialog.Send("PRACK", "", $"RAck: {ringing["RSeq"]} {ringing["CSeq"]}\r\n", contact: "Contact: <sip:bob@10.0.2.77>\r\n");
        dialog.Final(prack);
        _ = _all.Call.AnswerAsync();
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 200));
        _all.Advance(0.05);
        _ = _all.Call.HangUpAsync();
        Assert.That(Phone.WaitForRequest("BYE").StartLine, Does.Contain("sip:bob@10.0.2.2:5060"));
    }

    [Test]
    public void CancelWhileAPrackIsAwaited_Is487_AndNothingIsRepeated()
    {
        var (invite, _, dialog) = Ring(early: true, Required);
        Phone.Cancel(invite);
        dialog.Ack(invite, Phone.WaitForResponse("INVITE", 487));
        _all.Advance(0.1);
        Phone.Received.Clear();
        _all.Advance(10);
        Assert.That(Phone.Received, Is.Empty);
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.Cancelled));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void PrackOutsideOfAnyRinging_Is481([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        Assert.That(dialog.Ask("PRACK", extra: "RAck: 1 1 INVITE\r\n").Status, Is.EqualTo(481));
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
    }

    private (SipText Invite, SipText Ringing, PhoneDialog Dialog) Ring(
        bool early, string extra, TimeSpan? timeout = null, string? sdp = null)
    {
        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", timeout, earlyMedia: early));
        var invite = _all.Dial(sdp, extra);
        var ringing = Phone.WaitFor(m => m.IsResponse && m.Method == "INVITE" && m.Status is > 100 and < 200);
        return (invite, ringing, PhoneDialog.OfCaller(Phone, invite, ringing));
    }

    private void Finish(PhoneDialog dialog)
    {
        Assert.That(dialog.Ask("BYE").Status, Is.EqualTo(200));
        _all.AssertThatNothingStays();
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }
}
