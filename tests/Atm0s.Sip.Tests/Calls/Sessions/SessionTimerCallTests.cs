using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>Session timers of calls, whichever side has called (RFC 4028).</summary>
[SingleThreaded]
public sealed class SessionTimerCallTests
{
    private const string Timer = "Supported: timer\r\n";
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";

    private readonly Stack<DialogWorld> _worlds = new();
    private DialogWorld _all = null!;

    private ScriptedPhone Phone => _all.Phone;

    [SetUp]
    public void SetUp() => Start();

    [TearDown]
    public async Task TearDown()
    {
        while (_worlds.TryPop(out var world))
            await world.DisposeAsync();
    }

    [Test]
    public void OurInvite_AsksForHalfAnHour_AndLeavesOpenWhoRefreshes()
    {
        var invite = _all.Ring();
        Assert.That((invite["Session-Expires"], invite["Supported"]), Is.EqualTo(("1800", invite["Supported"])));
        Assert.That(invite["Supported"], Does.Contain("timer"));
    }

    [Test]
    public void WeRefreshAtHalfTheInterval_ByUpdateWherePhoneHasIt_ElseByReInvite([Values] bool isIncoming, [Values] bool hasUpdate)
    {
        var dialog = Up(isIncoming, hasUpdate ? Allow : "");
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Quiet(899);
        var method = hasUpdate ? "UPDATE" : "INVITE";
        Assert.That(_all.Requests(method), Is.Zero);
        for (var i = 0; i < 2; i++)
        {
            Quiet(2);
            var refresh = Phone.WaitForRequest(method, TimeSpan.FromSeconds(2));
            Assert.That(refresh["Session-Expires"], Is.EqualTo("1800;refresher=uac"));
            Assert.That(refresh["Supported"], Does.Contain("timer"));
            Assert.That(refresh.Body.Length > 0, Is.EqualTo(!hasUpdate), "an UPDATE for it has no offer (§7.4)");
            Phone.Respond(
                refresh, 200, "OK", hasUpdate ? "" : Phone.Sdp, extra: "Session-Expires: 1800;refresher=uac\r\nRequire: timer\r\n");
            _all.Advance(0.1);
            Phone.Received.Clear();
            Quiet(897);
            Assert.That(Phone.Received, Is.Empty);
        }

        Finish(dialog, "Connecting Answered Ended");
    }

    [Test]
    public void ReInviteThatRefreshes_IsTheSameDescription_AndChangesNothing()
    {
        // RFC 3264 §8: the version of o= stays.
        Up(isIncoming: false, "");
        var first = Phone;
        Quiet(901);
        var refresh = first.WaitForRequest("INVITE");
        first.Respond(refresh, 200, "OK", first.Sdp, extra: "Session-Expires: 1800;refresher=uac\r\n");
        first.WaitForRequest("ACK");
        first.Received.Clear();
        Quiet(901);
        Assert.That(first.WaitForRequest("INVITE").Body, Is.EqualTo(refresh.Body));
    }

    [Test]
    public void PhoneRefreshes_TheCallLivesLongerThanItsInterval([Values] bool isIncoming, [Values("UPDATE", "INVITE")] string method)
    {
        var dialog = Up(isIncoming, Timer, theyRefresh: true);
        for (var i = 0; i < 4; i++)
        {
            Quiet(900);
            var answer = dialog.Ask(method, method == "INVITE" ? Phone.Sdp : "", Timer + "Session-Expires: 1800;refresher=uac\r\n");
            Assert.That((answer.Status, answer["Session-Expires"], answer["Require"]), Is.EqualTo((200, "1800;refresher=uac", "timer")));
        }

        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Assert.That(Phone.Received.Where(m => !m.IsResponse), Is.Empty, "we do not refresh");
        Finish(dialog, "Connecting Answered Ended");
    }

    [Test]
    public void NobodyRefreshes_TheCallEnds32SecondsBeforeTheInterval([Values] bool isIncoming)
    {
        Up(isIncoming, Timer, theyRefresh: true);
        Quiet(1766);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Quiet(4);
        var bye = Phone.WaitForRequest("BYE");
        Assert.That(bye["Reason"], Does.StartWith("SIP;cause=408"));
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.SessionExpired));
        Phone.Respond(bye, 200, "OK");
        _all.AssertThatNothingStays();
    }

    [Test]
    public void RefreshThatIsNeverAnswered_EndsTheCall([Values] bool hasUpdate)
    {
        Up(isIncoming: true, hasUpdate ? Allow : "");
        Quiet(901);
        Phone.WaitForRequest(hasUpdate ? "UPDATE" : "INVITE");
        _all.Advance(33);
        var bye = Phone.WaitForRequest("BYE");
        Phone.Respond(bye, 200, "OK");
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.Gone));
        _all.AssertThatNothingStays();
    }

    [TestCase(481)]
    [TestCase(408)]
    public void RefreshThatIsAnsweredSo_EndsTheCall(int status)
    {
        Up(isIncoming: true, Allow);
        Quiet(901);
        Phone.Respond(Phone.WaitForRequest("UPDATE"), status, "Gone");
        Phone.Respond(Phone.WaitForRequest("BYE"), 481, "Gone");
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.Gone));
        _all.AssertThatNothingStays();
    }

    [TestCase(500)]
    [TestCase(403)]
    [TestCase(488)]
    public void RefreshThatIsRefused_IsTriedAgain_UntilTheSessionExpires(int status)
    {
        Up(isIncoming: true, "");
        Quiet(901);
        var tries = 0;
        for (var i = 0; i < 1000 && _all.Server.Calls.Count > 0; i++)
        {
            foreach (var refresh in Phone.Received.Where(m => !m.IsResponse && m.Method == "INVITE").DistinctBy(m => m["Via"]).ToArray())
            {
                tries++;
                Phone.Respond(refresh, status, "No");
            }

            Phone.Received.RemoveAll(m => m.Method != "BYE");
            Quiet(1);
        }

        Assert.That(tries, Is.InRange(4, 20));
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.SessionExpired));
        Phone.Respond(Phone.WaitForRequest("BYE"), 200, "OK");
        _all.AssertThatNothingStays();
    }

    [TestCase(405)]
    [TestCase(501)]
    public void UpdateThatThePhoneHasNotAfterAll_ReInviteFollows(int status)
    {
        Up(isIncoming: true, Allow);
        Quiet(901);
        Phone.Respond(Phone.WaitForRequest("UPDATE"), status, "No");
        var refresh = Phone.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        Phone.Respond(refresh, 200, "OK", Phone.Sdp, extra: "Session-Expires: 1800;refresher=uac\r\n");
        Phone.WaitForRequest("ACK");
        Quiet(600);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void RefreshThatIsGlare_IsTriedAgainAfterAWait_OfTheSideThatOwnsTheCallId([Values] bool isIncoming)
    {
        Up(isIncoming, Allow);
        Quiet(901);
        Phone.Respond(Phone.WaitForRequest("UPDATE"), 491, "Request Pending");
        Phone.Received.Clear();
        if (!isIncoming)
        {
            _all.Advance(2);
            Assert.That(_all.Requests("UPDATE"), Is.Zero, "2.1 to 4 s");
        }

        var again = Phone.WaitForRequest("UPDATE", TimeSpan.FromSeconds(isIncoming ? 2.05 : 2.05));
        Phone.Respond(again, 200, "OK", extra: "Session-Expires: 1800;refresher=uac\r\n");
        Quiet(600);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void TooSmallForThePhone_IsAskedForAgainWithItsMinimum()
    {
        Start(options => options.Calls.SessionInterval = TimeSpan.FromSeconds(120));
        var invite = _all.Ring();
        Assert.That(invite["Session-Expires"], Is.EqualTo("120"));
        Phone.Received.Clear();
        Phone.Respond(invite, 422, "Session Interval Too Small", extra: "Min-SE: 600\r\n");
        _all.World.RunUntil(() => Phone.Received.Any(m => m.Method == "INVITE"));
        var again = Phone.WaitForRequest("INVITE");
        Assert.That((again["Session-Expires"], again["Min-SE"], again["Call-ID"]), Is.EqualTo(("600", "600", invite["Call-ID"])));
        Assert.That(CSeq(again), Is.EqualTo(CSeq(invite) + 1));
        Phone.Respond(again, 422, "Session Interval Too Small", extra: "Min-SE: 600\r\n");
        _all.Advance(0.1);
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.Failed), "the same wish again leads nowhere");
        _all.AssertThatNothingStays();
    }

    [TestCase("60", "timer", 422)]
    [TestCase("89", "timer", 422)]
    [TestCase("90", "timer", 200)]
    public void TooSmallForUs_Is422WithOurMinimum(string seconds, string supported, int status)
    {
        var invite = _all.Dial(extra: $"Supported: {supported}\r\nSession-Expires: {seconds}\r\n");
        var final = Phone.WaitFor(m => m.IsResponse && m.Status >= 200);
        Assert.That((final.Status, final["Min-SE"]), Is.EqualTo((status, status == 422 ? "90" : "")));
        if (status != 422)
            return;
        Assert.That(_all.Host.Invited, Is.Empty, "the host is not troubled");
        Phone.Ack(invite, final);
        _all.AssertThatNothingStays();
    }

    [Test]
    public void TooSmallInTheDialog_Is422_AndTheTimerGoesOnAsItWas([Values("UPDATE", "INVITE")] string method)
    {
        var dialog = Up(isIncoming: true, Timer, theyRefresh: true);
        var refused = dialog.Ask(method, method == "INVITE" ? Phone.Sdp : "", Timer + "Session-Expires: 60;refresher=uac\r\n");
        Assert.That((refused.Status, refused["Min-SE"]), Is.EqualTo((422, "90")));
        Quiet(1760);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Quiet(10);
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.SessionExpired));
    }

    [Test]
    public void AskedForByAProxyAlone_WeRefresh()
    {
        // RFC 4028 §9, table 2: no Supported: timer, so the refresher is us.
        Up(isIncoming: true, "Session-Expires: 600\r\n", theyRefresh: true);
        Quiet(301);
        var refresh = Phone.WaitForRequest("INVITE");
        Assert.That(refresh["Session-Expires"], Is.EqualTo("600;refresher=uac"));
    }

    [Test]
    public void TooSmallByAProxyAlone_IsNotRefused()
    {
        // RFC 4028 §9: whoever does not know the extension can't read a 422.
        _all.Dial(extra: "Session-Expires: 60\r\n");
        Assert.That(Phone.WaitFor(m => m.IsResponse && m.Status >= 200).Status, Is.EqualTo(200));
    }

    [Test]
    public void TimerInThe200_IsWhatThePhoneGrants([Values("300;refresher=uas", "300;refresher=uac")] string granted)
    {
        var dialog = _all.Up(isIncoming: false, $"Require: timer\r\nSession-Expires: {granted}\r\n" + Allow);
        Quiet(151);
        Assert.That(_all.Requests("UPDATE"), Is.EqualTo(granted.EndsWith("uac", StringComparison.Ordinal) ? 1 : 0));
        if (granted.EndsWith("uac", StringComparison.Ordinal))
            return;
        Quiet(130);
        Assert.That(_all.Cause, Is.EqualTo(CallEndCause.SessionExpired), "300 s less 32");
        _ = dialog;
    }

    [Test]
    public void PhoneThatSupportsItAndGrantsNone_LivesForEver()
    {
        // RFC 4028 §7.2
        _all.Up(isIncoming: false, Timer);
        Quiet(4000);
        Assert.That(_all.Call.State, Is.EqualTo(CallState.Answered));
        Assert.That(Phone.Received, Is.Empty);
    }

    [Test]
    public void TimerSwitchedOff_AsksForNone_ButGrantsWhatIsAskedFor()
    {
        Start(options => options.Calls.SessionInterval = TimeSpan.Zero);
        var invite = _all.Ring();
        Assert.That(invite["Session-Expires"], Is.Empty);
        Phone.Respond(invite, 486, "Busy");
        _all.Advance(1);
        Phone.Received.Clear();
        _all.Dial(extra: Timer);
        Assert.That(Phone.WaitForResponse("INVITE", 200)["Session-Expires"], Is.Empty);
        Phone.Received.Clear();
        _all.Dial(extra: Timer + "Session-Expires: 300;refresher=uac\r\n");
        Assert.That(Phone.WaitForResponse("INVITE", 200)["Session-Expires"], Is.EqualTo("300;refresher=uac"));
    }

    [Test]
    public void CallOf35Minutes([Values] bool isIncoming)
    {
        var dialog = Up(isIncoming, Allow);
        var passed = 0;
        while (passed++ < 35 * 60)
        {
            foreach (var refresh in Phone.Received.Where(m => !m.IsResponse && m.Method == "UPDATE").ToArray())
                Phone.Respond(refresh, 200, "OK", extra: "Session-Expires: 1800;refresher=uac\r\n");
            Assert.That(Phone.Received.Where(m => m.Method != "UPDATE"), Is.Empty);
            Phone.Received.Clear();
            Quiet(1);
        }

        Finish(dialog, "Connecting Answered Ended");
        Assert.That(_all.Host.Events.OfType<CallEvent.Ended>().Single().Duration, Is.GreaterThan(TimeSpan.FromMinutes(34.9)));
    }

    [Test]
    public void RefreshThatCrossesAHangUp_IsAnswered481_AndTheRestGoesItsWay()
    {
        var dialog = Up(isIncoming: true, Timer, theyRefresh: true);
        _ = _all.Call.HangUpAsync();
        var bye = Phone.WaitForRequest("BYE");
        Assert.That(dialog.Ask("UPDATE", "", Timer + "Session-Expires: 1800;refresher=uac\r\n").Status, Is.EqualTo(481));
        Phone.Respond(bye, 200, "OK");
        _all.AssertThatNothingStays();
    }

    [Test]
    public void HangUpWhileOurRefreshIsOpen_TheByeGoesOut_AndA200IsAcknowledgedAllTheSame()
    {
        Up(isIncoming: true, "");
        Quiet(901);
        var refresh = Phone.WaitForRequest("INVITE");
        _ = _all.Call.HangUpAsync();
        var bye = Phone.WaitForRequest("BYE");
        Phone.Respond(refresh, 200, "OK", Phone.Sdp);
        Phone.WaitForRequest("ACK");
        Phone.Respond(bye, 200, "OK");
        _all.AssertThatNothingStays();
    }

    [Test]
    public void RefreshThatIsTooSmall_IsSentAgainWithALongerInterval([Values] bool hasUpdate)
    {
        // RFC 4028 §7.4, §8.1: a proxy that came into the way later may want more.
        var dialog = Up(isIncoming: true, hasUpdate ? Allow : "");
        Quiet(901);
        var method = hasUpdate ? "UPDATE" : "INVITE";
        var refresh = Phone.WaitForRequest(method);
        Phone.Respond(refresh, 422, "Session Interval Too Small", extra: "Min-SE: 3600\r\n");
        var again = Phone.WaitFor(m => !m.IsResponse && m.Method == method && m["CSeq"] != refresh["CSeq"]);
        Assert.That((again["Session-Expires"], again["Min-SE"]), Is.EqualTo(("3600;refresher=uac", "3600")));
        Phone.Respond(again, 200, "OK", hasUpdate ? "" : Phone.Sdp, extra: "Session-Expires: 3600;refresher=uac\r\n");
        _all.Advance(0.1);
        Phone.Received.Clear();
        Quiet(1790);
        Assert.That(Phone.Received, Is.Empty);
        Quiet(20);
        Assert.That(_all.Requests(method), Is.EqualTo(1));
        Finish(dialog, "Connecting Answered Ended");
    }

    [Test]
    public void RefreshThatIsOpen_IsInNobodysWay()
    {
        var dialog = Up(isIncoming: true, Allow);
        Quiet(901);
        var refresh = Phone.WaitForRequest("UPDATE");
        Assert.That(dialog.Ask("INVITE", Phone.Sdp + "a=sendonly\r\n").Status, Is.EqualTo(200));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200));
        Phone.Respond(refresh, 200, "OK", extra: "Session-Expires: 1800;refresher=uac\r\n");
        _all.Advance(1);
        Finish(dialog, "Connecting Answered Held Resumed Ended");
    }

    [Test]
    public void HoldWhileOurRefreshIsOpen_WaitsForIt()
    {
        var dialog = Up(isIncoming: true, Allow);
        Quiet(901);
        var refresh = Phone.WaitForRequest("UPDATE");
        var hold = _all.Call.HoldAsync();
        _all.Advance(1);
        Assert.That(_all.Requests("INVITE"), Is.Zero);
        Phone.Respond(refresh, 200, "OK", extra: "Session-Expires: 1800;refresher=uac\r\n");
        Phone.Respond(
            Phone.WaitForRequest("INVITE"), 200, "OK", Phone.Sdp + "a=inactive\r\n", extra: "Session-Expires: 1800;refresher=uac\r\n");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Finish(dialog, "Connecting Answered Held Ended");
    }

    [Test]
    public void OurOffer_RefreshesTheSession()
    {
        Up(isIncoming: true, "");
        Quiet(600);
        var hold = _all.Call.HoldAsync();
        var offer = Phone.WaitForRequest("INVITE");
        Assert.That(offer["Session-Expires"], Is.EqualTo("1800;refresher=uac"));
        Phone.Respond(offer, 200, "OK", Phone.Sdp + "a=inactive\r\n", extra: "Session-Expires: 1800;refresher=uac\r\n");
        _all.World.Await(hold);
        Phone.Received.Clear();
        Quiet(890);
        Assert.That(Phone.Received.Where(m => !m.IsResponse && m.Method == "INVITE"), Is.Empty);
        Quiet(20);
        Assert.That(_all.Requests("INVITE"), Is.EqualTo(1));
    }

    private static int CSeq(SipText message) => int.Parse(message["CSeq"].Split(' ')[0], null);

    private void Start(Action<SipServerOptions>? configure = null)
    {
        _all = new DialogWorld(configure);
        _worlds.Push(_all);
    }

    private PhoneDialog Up(bool isIncoming, string extra, bool theyRefresh = false)
    {
        // Without "timer" in Supported the whole of it is left to us; in a call of ours the 200 says who refreshes.
        if (theyRefresh && !extra.Contains("Session-Expires", StringComparison.Ordinal))
            extra += $"Session-Expires: 1800;refresher={(isIncoming ? "uac" : "uas")}\r\n";
        else if (isIncoming && !theyRefresh)
            extra += "Session-Expires: 1800;refresher=uas\r\n" + Timer;
        return _all.Up(isIncoming, extra);
    }

    private void Quiet(double seconds) => _all.Pass(TimeSpan.FromSeconds(seconds));

    private void Finish(PhoneDialog dialog, string story)
    {
        Phone.Received.Clear();
        dialog.Ask("BYE");
        _all.AssertThatNothingStays();
        Assert.That(_all.Story, Is.EqualTo(story));
    }
}
