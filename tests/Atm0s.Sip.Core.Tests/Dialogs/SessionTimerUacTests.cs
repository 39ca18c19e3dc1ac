using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "4028-7")]
internal sealed class SessionTimerUacTests
{
    [TestCase(RefresherPreference.Open, "Session-Expires: 1800\r\n")]
    [TestCase(RefresherPreference.Us, "Session-Expires: 1800;refresher=uac\r\n")]
    [TestCase(RefresherPreference.Peer, "Session-Expires: 1800\r\n")]
    [Property("rfc", "4028-7.1")]
    public void FirstRequest_AsksForOurInterval(RefresherPreference preference, string headers) =>
        Assert.That(
            FieldWriting.Write(new SessionTimer(new SessionTimerOptions { Refresher = preference }).NextRequest().WriteHeaders),
            Is.EqualTo(headers));

    [Test]
    [Property("rfc", "4028-7.1")]
    public void Unwanted_AsksForNothing() =>
        Assert.That(
            FieldWriting.Write(new SessionTimer(new SessionTimerOptions { IsWanted = false }).NextRequest().WriteHeaders), Is.Empty);

    [TestCase("Require: timer\nSession-Expires: 600;refresher=uac", 600u, true, 300)]
    [TestCase("Require: timer\nSession-Expires: 600;refresher=uas", 600u, false, 568)]
    [TestCase("Session-Expires: 600", 600u, true, 300)]
    [TestCase("Session-Expires: 2;refresher=uac", 90u, true, 45)]
    [TestCase("Subject: none", 1800u, true, 900)]
    [TestCase("Supported: timer", 0u, false, null)]
    [Property("rfc", "4028-7.2")]
    public void Accepted_FollowsThe2xx(string headers, uint interval, bool isRefresher, int? next)
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, headers, 0);

        Assert.That(
            (timer.Interval, timer.IsRefresher, timer.NextDeadline),
            Is.EqualTo((interval, isRefresher, next is { } at ? At(at) : (TimeSpan?)null)));
    }

    [Test]
    [Property("rfc", "4028-7.2")]
    public void Accepted_ATimerNobodyAskedFor_IsTaken()
    {
        var timer = new SessionTimer(new SessionTimerOptions { IsWanted = false });
        Accept(timer, "Require: timer\nSession-Expires: 600;refresher=uac", 0);

        Assert.That(timer.IsRefresher, Is.True);
    }

    [Test]
    [Property("rfc", "4028-7.2")]
    public void Accepted_WithoutTheFieldLater_TurnsItOff()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Require: timer\nSession-Expires: 600;refresher=uac", 0);
        Accept(timer, "Subject: none", 300);

        Assert.That(timer.IsRunning, Is.False);
    }

    [TestCase("Require: timer\nSession-Expires: 600;refresher=uac", "Session-Expires: 600;refresher=uac\r\n")]
    [TestCase("Require: timer\nSession-Expires: 600;refresher=uas", "Session-Expires: 600;refresher=uas\r\n")]
    [TestCase("Subject: none", "Session-Expires: 1800;refresher=uac\r\n")]
    [Property("rfc", "4028-7.4")]
    public void Refresh_KeepsIntervalAndRoles(string response, string headers)
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, response, 0);

        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders), Is.EqualTo(headers));
    }

    [Test]
    [Property("rfc", "4028-7.3")]
    public void TooSmall_AskAgainWithTheLargestMinSe()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);

        Assert.That(TooSmall(timer, "Min-SE: 3600"), Is.True);
        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders), Is.EqualTo("Session-Expires: 3600\r\nMin-SE: 3600\r\n"));
        Assert.That(TooSmall(timer, "Min-SE: 4000"), Is.True);
        Assert.That(TooSmall(timer, "Min-SE: 4000"), Is.False, "the same again");
        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders), Is.EqualTo("Session-Expires: 4000\r\nMin-SE: 4000\r\n"));
    }

    [TestCase("Min-SE: soon")]
    [TestCase("Subject: none")]
    [Property("rfc", "4028-6")]
    public void TooSmall_WithoutMinSe_IsFinal(string headers) =>
        Assert.That(TooSmall(new SessionTimer(SessionTimerOptions.Default), headers), Is.False);

    [Test]
    [Property("rfc", "4028-7.3")]
    public void TooSmall_EverMore_IsNotFollowed()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);

        Assert.That(
            new[] { 2000, 3000, 4000, 5000 }.Select(minimum => TooSmall(timer, $"Min-SE: {minimum}")),
            Is.EqualTo(new[] { true, true, true, false }));
    }

    [Test]
    [Property("rfc", "4028-7.4")]
    public void Established_ForgetsTheMinSeOfTheWayThere()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        TooSmall(timer, "Min-SE: 3600");
        timer.OnEstablished();
        Accept(timer, "Require: timer\nSession-Expires: 3600;refresher=uac", 0);

        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders), Is.EqualTo("Session-Expires: 3600;refresher=uac\r\n"));
    }

    [Test]
    [Property("rfc", "4028-7.4")]
    public void MinSeOfThePeersRefresh_IsRepeated()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        using var update = Msg.Request("UPDATE", extra: "Supported: timer\nSession-Expires: 1800;refresher=uac\nMin-SE: 1000");
        timer.OnAnswered(timer.OnRequest(update), At(0));

        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders),
            Is.EqualTo("Session-Expires: 1800;refresher=uas\r\nMin-SE: 1000\r\n"));
    }

    [TestCase(408, RefreshFailure.End)]
    [TestCase(481, RefreshFailure.End)]
    [TestCase(0, RefreshFailure.End)]
    [TestCase(410, RefreshFailure.End)]
    [TestCase(502, RefreshFailure.End)]
    [TestCase(480, RefreshFailure.Keep)]
    [TestCase(491, RefreshFailure.RetryLater)]
    [TestCase(405, RefreshFailure.Retry)]
    [TestCase(501, RefreshFailure.Retry)]
    [TestCase(500, RefreshFailure.Keep)]
    [TestCase(488, RefreshFailure.Keep)]
    [TestCase(422, RefreshFailure.Keep)]
    [Property("rfc", "4028-10")]
    public void Rejected_ByTheStatus(int status, RefreshFailure failure)
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Allow: INVITE, UPDATE\nRequire: timer\nSession-Expires: 600;refresher=uac", 0);

        Assert.That(timer.RefreshMethod, Is.EqualTo(SipMethod.Update));
        Assert.That(Reject(timer, status, 300), Is.EqualTo(failure));
        Assert.That(timer.RefreshMethod, Is.EqualTo(status is 405 or 501 ? SipMethod.Invite : SipMethod.Update));
    }

    [Test]
    [Property("rfc", "4028-10")]
    public void Rejected_TriesAFewTimesMoreAndEndsAtTheExpiration()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Require: timer\nSession-Expires: 1800;refresher=uac", 0);
        var tries = 0;
        while (timer.NextDeadline is { } now && timer.OnDeadline(now) == SessionTimerDue.Refresh && tries < 50)
        {
            tries++;
            Reject(timer, 500, (now + TimeSpan.FromSeconds(1)).TotalSeconds);
        }

        Assert.That(tries, Is.InRange(3, 12));
        Assert.That(timer.IsRunning, Is.False, "it has expired");
    }

    [Test]
    [Property("rfc", "4028-10")]
    public void TooSmallRefresh_DoesNotExtendTheSession()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Require: timer\nSession-Expires: 600;refresher=uac", 0);
        timer.OnDeadline(At(300));
        using var response = Msg.Response(422, extra: "Min-SE: 7200");

        Assert.That(timer.OnRejected(SipMethod.Update, response, At(301)), Is.EqualTo(RefreshFailure.Retry));
        Assert.That(timer.NextDeadline, Is.EqualTo(At(600)));
        Assert.That(FieldWriting.Write(timer.NextRequest().WriteHeaders),
            Is.EqualTo("Session-Expires: 7200;refresher=uac\r\nMin-SE: 7200\r\n"));
    }

    [TestCase(310, 310)]
    [TestCase(700, 600)]
    public void RefreshAt_NeverBehindTheExpiration(int at, int next)
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Require: timer\nSession-Expires: 600;refresher=uac", 0);
        timer.OnDeadline(At(300));
        timer.RefreshAt(At(at));

        Assert.That(timer.NextDeadline, Is.EqualTo(At(next)));
    }

    [Test]
    public void TimerThatOnlyWeKnowOf_SurvivesAReinviteOfThePeer()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        Accept(timer, "Subject: none", 0);
        using var reinvite = Msg.Request("INVITE");
        timer.OnAnswered(timer.OnRequest(reinvite), At(600));

        Assert.That(timer.NextDeadline, Is.EqualTo(At(1500)));
    }

    [TestCase(89u, 1800u)]
    [TestCase(90u, 89u)]
    [TestCase(90u, 86_401u)]
    public void Options_OutOfRange_Throw(uint minimum, uint interval) =>
        Assert.Throws<ArgumentException>(new SessionTimerOptions { MinInterval = minimum, Interval = interval }.Validate);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Accept(SessionTimer timer, string headers, double at)
    {
        using var response = Msg.Response(200, extra: headers);
        timer.OnAccepted(timer.NextRequest(), response, At(at));
    }

    private static bool TooSmall(SessionTimer timer, string headers)
    {
        using var response = Msg.Response(422, extra: headers);
        return timer.OnTooSmall(response);
    }

    private static RefreshFailure Reject(SessionTimer timer, int status, double at)
    {
        if (status == 0)
            return timer.OnRejected(SipMethod.Update, null, At(at));
        using var response = Msg.Response(status);
        return timer.OnRejected(SipMethod.Update, response, At(at));
    }
}
