using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "4028-9")]
internal sealed class SessionTimerUasTests
{
    private static readonly SessionTimerOptions Unwanted = new() { IsWanted = false };

    [TestCase("Supported: timer\nSession-Expires: 1800", "1800;refresher=uas", true)]
    [TestCase("Supported: timer\nSession-Expires: 1800;refresher=uac", "1800;refresher=uac", true)]
    [TestCase("Supported: timer\nx: 1800;refresher=UAS", "1800;refresher=uas", true)]
    [TestCase("Supported: timer", "1800;refresher=uas", true)]
    [TestCase("Require: timer\nSession-Expires: 600", "600;refresher=uas", true)]
    [TestCase("Session-Expires: 1800", "1800;refresher=uas", false)]
    [TestCase("Session-Expires: 1800;refresher=uac", "1800;refresher=uas", false)]
    [TestCase("Supported: 100rel", null, false)]
    [TestCase("Supported: timer\nSession-Expires: 7200\nMin-SE: 3600", "3600;refresher=uas", true)]
    [TestCase("Supported: timer\nSession-Expires: 7200", "1800;refresher=uas", true)]
    [TestCase("Supported: timer\nSession-Expires: 100\nMin-SE: 200", "100;refresher=uas", true)]
    [TestCase("Supported: timer\nMin-SE: 3600", "3600;refresher=uas", true)]
    [TestCase("Supported: timer\nMin-SE: 4294967295", null, false)]
    [TestCase("Supported: timer\nSession-Expires: soon", "1800;refresher=uas", true)]
    [TestCase("Session-Expires: 1", null, false)]
    public void Request_GrantsWhatTable2Says(string headers, string? granted, bool isRequired)
    {
        var answer = On(new SessionTimer(SessionTimerOptions.Default), headers);

        Assert.That((answer.StatusCode, answer.Granted?.ToString(), answer.IsRequired), Is.EqualTo((0, granted, isRequired)));
    }

    [TestCase("Supported: timer\nSession-Expires: 7200", "7200;refresher=uas")]
    [TestCase("Supported: timer", null)]
    public void Unwanted_OnlyWhatThePeerAsksFor(string headers, string? granted) =>
        Assert.That(On(new SessionTimer(Unwanted), headers).Granted?.ToString(), Is.EqualTo(granted));

    [TestCase(RefresherPreference.Open, "1800;refresher=uas")]
    [TestCase(RefresherPreference.Us, "1800;refresher=uas")]
    [TestCase(RefresherPreference.Peer, "1800;refresher=uac")]
    public void Choice_IsOurs(RefresherPreference preference, string granted) =>
        Assert.That(
            On(new SessionTimer(new SessionTimerOptions { Refresher = preference }), "Supported: timer\nSession-Expires: 1800").Granted
                ?.ToString(),
            Is.EqualTo(granted));

    [TestCase("Supported: timer\nSession-Expires: 89", 90u, 90u)]
    [TestCase("Supported: timer\nSession-Expires: 599", 600u, 600u)]
    [TestCase("Supported: timer\nSession-Expires: 600", 600u, 0u)]
    [TestCase("Session-Expires: 599", 600u, 0u)]
    [Property("rfc", "4028-6")]
    public void TooSmall_422WithMinSe(string headers, uint minimum, uint refusedWith)
    {
        var answer = On(new SessionTimer(new SessionTimerOptions { MinInterval = minimum }), headers);

        Assert.That((answer.StatusCode, answer.MinSe), Is.EqualTo((refusedWith > 0 ? 422 : 0, refusedWith)));
        var written = FieldWriting.Write(answer.WriteHeaders);
        if (refusedWith > 0)
            Assert.That(written, Is.EqualTo($"Min-SE: {refusedWith}\r\n"));
        else
            Assert.That(written, Does.Not.Contain("Min-SE"), "§5: in no other response");
    }

    [Test]
    public void Answered_WeRefreshAtHalfAndEndAtTheExpiration()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        timer.OnAnswered(On(timer, "Supported: timer\nSession-Expires: 600"), At(10));

        Assert.That((timer.IsRefresher, timer.Interval, timer.NextDeadline), Is.EqualTo((true, 600u, (TimeSpan?)At(310))));
        Assert.That(timer.OnDeadline(At(309)), Is.EqualTo(SessionTimerDue.None));
        Assert.That(timer.OnDeadline(At(310)), Is.EqualTo(SessionTimerDue.Refresh));
        Assert.That(timer.OnDeadline(At(310)), Is.EqualTo(SessionTimerDue.None), "once");
        Assert.That(timer.NextDeadline, Is.EqualTo(At(610)));
        Assert.That(timer.OnDeadline(At(610)), Is.EqualTo(SessionTimerDue.Expire));
        Assert.That(timer.NextDeadline, Is.Null);
    }

    [TestCase(600u, 568)]
    [TestCase(90u, 60)]
    [TestCase(96u, 64)]
    [Property("rfc", "4028-10")]
    public void PeerRefreshes_EndsShortlyBeforeTheExpiration(uint interval, int endsAt)
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        timer.OnAnswered(On(timer, $"Supported: timer\nSession-Expires: {interval};refresher=uac"), At(0));

        Assert.That((timer.IsRefresher, timer.NextDeadline), Is.EqualTo((false, (TimeSpan?)At(endsAt))));
        Assert.That(timer.OnDeadline(At(endsAt)), Is.EqualTo(SessionTimerDue.Expire));
    }

    [Test]
    public void EveryRefresh_StartsAnew()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        timer.OnAnswered(On(timer, "Supported: timer\nSession-Expires: 600;refresher=uac"), At(0));
        timer.OnAnswered(On(timer, "Supported: timer\nSession-Expires: 600;refresher=uac"), At(300));

        Assert.That(timer.NextDeadline, Is.EqualTo(At(868)));
    }

    [Test]
    public void ReinviteWithoutTheField_KeepsIntervalAndRoles()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        timer.OnAnswered(On(timer, "Supported: timer\nSession-Expires: 600;refresher=uac"), At(0));

        Assert.That(On(timer, "Supported: timer").Granted?.ToString(), Is.EqualTo("600;refresher=uac"));
    }

    [Test]
    public void ReinviteWithoutTimer_TurnsItOff()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);
        timer.OnAnswered(On(timer, "Session-Expires: 600"), At(0));
        timer.OnAnswered(On(timer, "Subject: none"), At(1));

        Assert.That((timer.IsRunning, timer.NextDeadline), Is.EqualTo((false, (TimeSpan?)null)));
    }

    [Test]
    public void Headers_OfThe2xx()
    {
        var timer = new SessionTimer(SessionTimerOptions.Default);

        Assert.That(FieldWriting.Write(On(timer, "Supported: timer\nSession-Expires: 600;refresher=uac").WriteHeaders),
            Is.EqualTo("Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n"));
        Assert.That(FieldWriting.Write(On(timer, "Session-Expires: 600").WriteHeaders),
            Is.EqualTo("Session-Expires: 600;refresher=uas\r\n"));
        Assert.That(FieldWriting.Write(default(SessionTimerAnswer).WriteHeaders), Is.Empty);
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private static SessionTimerAnswer On(SessionTimer timer, string headers)
    {
        using var request = Msg.Request("INVITE", extra: headers);
        return timer.OnRequest(request);
    }
}
