using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>Which calls are kept when they are over, for how long, and what of them.</summary>
[SingleThreaded]
public sealed class EndedCallTests
{
    private DialogWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void EndedCall_IsKept_WithWhatItSaidAndWhy()
    {
        Make();
        var id = CallAndHangUp();

        Assert.That(_all.Server.TryGetCall(id, out _), Is.False);
        Assert.That(_all.Server.TryGetReport(id, out var report), Is.True);
        Assert.That((report!.State, report.HasFailed, report.WasTurnedAway), Is.EqualTo((CallState.Ended, false, false)));
        Assert.That((report.End!.Cause, report.Info.From, report.Info.To), Is.EqualTo((CallEndCause.RemoteHangup, "bob", "room1")));
        Assert.That(report.AnsweredAt, Is.GreaterThanOrEqualTo(report.StartedAt).And.LessThan(report.EndedAt!.Value));
        Assert.That(report.End.Duration, Is.EqualTo(report.EndedAt - report.AnsweredAt).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(report.Peer, Is.EqualTo("udp://10.0.2.2:5060"));
        Assert.That(report.Notes.Select(note => note.Subject), Is.SupersetOf(new[] { "source", "host", "room", "audio", "end" }));
        Assert.That(
            report.Messages.Select(message => message.Message.Replace("SIP/2.0 ", "", StringComparison.Ordinal).Split(' ')[0]),
            Is.EqualTo(new[] { "INVITE", "200", "ACK", "BYE", "200" }));
        Assert.That(report.Messages[^1].Message, Does.StartWith("SIP/2.0 200").And.Contain("BYE"), "what comes after the end is there too");
        Assert.That(string.Concat(report.Messages.Select(m => m.Message)), Does.Contain("response=\"****"), "no digest response is told");
        Assert.That(report.MessagesLeftOut, Is.Zero);
    }

    // RFC 3261 §17.1.1.3: the ACK of a refusal comes when the call owes nothing any more.
    [Test]
    public void AckOfARefusal_IsInTheTrace()
    {
        Make();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(404));
        var invite = _all.Dial();
        var refusal = _all.Phone.WaitForResponse("INVITE", 404);
        _all.Phone.Ack(invite, refusal);
        _all.Advance(0.1);

        var report = _all.Server.FindEndedCalls().Calls.Single();
        Assert.That((report.HasFailed, report.End!.StatusCode, report.End.Cause), Is.EqualTo((true, 404, CallEndCause.Rejected)));
        Assert.That(report.Messages[^1].Message, Does.StartWith("ACK "));
    }

    [Test]
    public void EndedCalls_AreKeptByCount_TheOldestGivesWay()
    {
        Make(records => records.MaxEndedCalls = 3);
        var ids = Enumerable.Range(0, 5).Select(_ => CallAndHangUp()).ToArray();

        Assert.That(_all.Server.FindEndedCalls().Calls.Select(call => call.Id), Is.EqualTo(ids.Reverse().Take(3)));
        Assert.That(_all.Server.TryGetReport(ids[0], out _), Is.False);
    }

    [Test]
    public void FailedCalls_AreKeptLonger()
    {
        Make(records => (records.EndedCallAge, records.FailedCallAge) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3)));
        var well = CallAndHangUp();
        var failed = CallAndFail();
        _all.Pass(TimeSpan.FromSeconds(59));
        Assert.That(Kept(), Is.EqualTo(new[] { failed, well }));
        _all.Pass(TimeSpan.FromSeconds(10));
        Assert.That(Kept(), Is.EqualTo(new[] { failed }));
        _all.Pass(TimeSpan.FromSeconds(125));
        Assert.That(Kept(), Is.Empty);
    }

    [Test]
    public void Nothing_IsKept_WhereItIsSwitchedOff()
    {
        Make(records => (records.MaxEndedCalls, records.MaxFailedCalls, records.MaxRefusedCalls) = (0, 0, 0));
        CallAndHangUp();
        CallAndFail();
        WrongPassword("w1");
        _all.Advance(6);

        Assert.That(Kept(), Is.Empty);
        Assert.That(_all.Server.Parts.Traces.Memory.Taken, Is.Zero);
    }

    [Test]
    public void MemoryOfWhatIsKept_IsBounded_AndGivenBack()
    {
        Make(records => (records.MaxRecordBytes, records.MaxEndedCalls) = (256 * 1024, 1_000));
        for (var i = 0; i < 40; i++)
            CallAndHangUp();

        Assert.That(Kept(), Has.Count.InRange(2, 12), "an eighth of the memory is for calls that ended well");
        Assert.That(_all.Server.Parts.Traces.Memory.Taken, Is.InRange(1, 40 * 1024));
        Assert.That(_all.Server.Parts.Traces.Memory.Live, Is.Zero);
    }

    [Test]
    public void CodeOfTheManual_ListsWhatFailed()
    {
        Make();
        CallAndFail();
        var server = _all.Server;
        var failed = server.FindEndedCalls(new EndedCallFilter { Failed = true, Text = "1001" });
        foreach (var call in failed.Calls)
            Console.WriteLine($"{call.EndedAt:HH:mm:ss} {call.Info.From} > {call.Info.To}: {call.End!.Reason}");
        Assert.That(failed.Calls.Count, Is.LessThanOrEqualTo(Kept().Count));
    }

    [Test]
    public void TracesThatWereAskedFor_GiveTheirMemoryBackToo()
    {
        Make(records => (records.MaxRecordBytes, records.MaxEndedCalls) = (256 * 1024, 3), o => o.Calls.WireTrace = true);
        for (var i = 0; i < 40; i++)
            CallAndHangUp();

        Assert.That(Kept(), Has.Count.InRange(1, 3));
        Assert.That(
            _all.Server.FindEndedCalls().Calls[0].Messages, Is.Not.Empty, "the last one is written down like the first");
        Assert.That(_all.Server.Parts.Traces.Memory.Taken, Is.LessThan(64 * 1024));
    }

    [Test]
    public void WrongPassword_IsKept_ThoughNoHandlerHeardOfIt()
    {
        Make();
        var asked = _all.Host.Invited.Count;
        WrongPassword("w1");

        var report = _all.Server.FindEndedCalls().Calls.Single();
        Assert.That(_all.Host.Invited, Has.Count.EqualTo(asked));
        Assert.That((report.WasTurnedAway, report.HasFailed, report.End!.StatusCode), Is.EqualTo((true, true, 403)));
        Assert.That(report.End.Cause, Is.EqualTo(CallEndCause.Unauthorized));
        Assert.That(report.Messages.Select(m => (m.IsSent, m.Message[..7])), Is.EqualTo(new[] { (false, "INVITE "), (true, "SIP/2.0") }));
        Assert.That(report.Messages[0].Message, Does.Contain("response=\"****"));
        Assert.That(report.Notes[^1].Text, Does.StartWith("403: "));
    }

    [Test]
    public void ForbiddenAddress_IsKept()
    {
        Make(configure: options => options.Access.Rules.Add(new AccessRule("10.0.2.2/32", AccessAction.Refuse)));
        _all.Phone.Send(_all.Phone.Request("INVITE", "room1", "f1", _all.Phone.Sdp, _all.Phone.Contact()));
        _all.Phone.WaitForResponse("INVITE", 403);

        var report = _all.Server.FindEndedCalls(new EndedCallFilter { Failed = true }).Calls.Single();
        Assert.That((report.WasTurnedAway, report.Info.To, report.Info.SipCallId), Is.EqualTo((true, "room1", "f1")));
    }

    // Whoever asks for a password is no failure: every phone begins so.
    [Test]
    public void Challenge_IsNotKept()
    {
        Make();
        _all.Phone.Send(_all.Phone.Request("INVITE", "room1", "q1", _all.Phone.Sdp, _all.Phone.Contact()));
        _all.Phone.WaitForResponse("INVITE", 401);

        Assert.That(Kept(), Is.Empty);
    }

    [Test]
    public void Strangers_PushOutOnlyStrangers()
    {
        Make(records => (records.MaxRefusedCalls, records.MaxFailedCalls) = (5, 5));
        var failed = CallAndFail();
        for (var i = 0; i < 30; i++)
        {
            WrongPassword($"w{i}");
            _all.Advance(7);
        }

        // An open number that is not there: it is a call, but nobody vouches for who calls.
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(404));
        for (var i = 0; i < 10; i++)
        {
            _all.Phone.Send(_all.Phone.Request("INVITE", "open-1", $"o{i}", _all.Phone.Sdp, _all.Phone.Contact()));
            _all.Phone.WaitFor(m => m.Status == 404 && m["Call-ID"] == $"o{i}");
        }

        Assert.That(Kept(), Has.Count.EqualTo(6).And.Contain(failed));
    }

    // A flood costs nothing: ten a second are kept.
    [Test]
    public void RefusedInvites_AreKeptTenASecond()
    {
        Make(configure: options => options.Access.Rules.Add(new AccessRule("10.0.2.2/32", AccessAction.Refuse)));
        _all.Advance(1 - (_all.Server.Parts.Clock.Now.TotalSeconds % 1));
        for (var i = 0; i < 50; i++)
            _all.Phone.Send(_all.Phone.Request("INVITE", "room1", $"f{i}", _all.Phone.Sdp, _all.Phone.Contact()));
        _all.Advance(0.2);

        Assert.That(Kept(), Has.Count.EqualTo(10));
    }

    [Test]
    public void CallThatCouldNotBeTried_IsKept()
    {
        Make();
        var call = _all.World.Await(_all.Server.CallUserAsync("room1", "nobody", "1001").AsTask());

        Assert.That(_all.Server.TryGetReport(call.Id, out var report), Is.True);
        Assert.That((report!.HasFailed, report.End!.Cause), Is.EqualTo((true, CallEndCause.Gone)));
        Assert.That(report.Notes.Single().Text, Is.EqualTo("the user is not registered"));
        Assert.That(call.GetReport(), Is.SameAs(report));
    }

    [Test]
    public void Filter_FindsByPartAndPage()
    {
        Make();
        var well = Enumerable.Range(0, 3).Select(_ => CallAndHangUp()).Reverse().ToArray();
        var failed = CallAndFail();

        Assert.That(Find(new() { Failed = true }), Is.EqualTo(new[] { failed }));
        Assert.That(Find(new() { Failed = false, Text = "ROOM" }), Is.EqualTo(well));
        Assert.That(Find(new() { Text = "nowhere" }), Is.Empty);
        Assert.That(Find(new() { RoomId = "room1", Cause = CallEndCause.RemoteHangup }), Is.EqualTo(well));
        Assert.That(Find(new() { Username = "bob", Direction = CallDirection.Outgoing }), Is.Empty);
        Assert.That(Find(new() { Since = _all.World.Time.GetUtcNow() + TimeSpan.FromSeconds(1) }), Is.Empty);
        var first = _all.Server.FindEndedCalls(new EndedCallFilter { Limit = 3 });
        var second = _all.Server.FindEndedCalls(new EndedCallFilter { Limit = 3, After = first.Next });
        Assert.That(first.Calls.Concat(second.Calls).Select(call => call.Id), Is.EqualTo(well.Prepend(failed)));
        Assert.That((first.Calls.Count, second.Next), Is.EqualTo((3, (string?)null)));
        Assert.That(() => _all.Server.FindEndedCalls(new EndedCallFilter { Limit = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _all.Server.FindEndedCalls(new EndedCallFilter { After = "x" }), Throws.ArgumentException);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void CallsThatBelongTogether_AreFound(bool hostSaysSo)
    {
        Make();
        Assert.That(_all.Phone.Register().Status, Is.EqualTo(200));
        var stranger = _all.World.Await(_all.Server.CallClientAsync("other", _all.Server.Registrations[0].SessionId, "7").AsTask());
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        _all.Dial();
        _all.Phone.WaitForResponse("INVITE", 180);
        var caller = _all.Server.Calls.Single(c => c.Info.Direction == CallDirection.Incoming);
        var options = new OutgoingCallOptions { ForCallId = hostSaysSo ? caller.Id : null };
        var rung = _all.World.Await(
            _all.Server.CallClientAsync("room1", _all.Server.Registrations[0].SessionId, "1001", options).AsTask());

        Assert.That(Related(caller.Id), Is.EqualTo(new[] { caller.Id, rung.Id }));
        Assert.That(Related(rung.Id), Is.EqualTo(new[] { rung.Id, caller.Id }));
        Assert.That(Related(stranger.Id), Is.EqualTo(new[] { stranger.Id }));
        _all.World.Await(caller.HangUpAsync());
        _all.World.RunUntil(() => rung.State == CallState.Ended);
        Assert.That(Related(caller.Id), Is.EqualTo(new[] { caller.Id, rung.Id }), "also when both are over");
        Assert.That(Related("nope"), Is.Empty);
    }

    [Test]
    public void ReportOfACallThatGoesOn_Grows()
    {
        Make();
        _all.Up(isIncoming: true);
        var report = _all.Call.GetReport();
        Assert.That((report.State, report.End, report.HasFailed), Is.EqualTo((CallState.Answered, (CallEvent.Ended?)null, false)));
        Assert.That(report.Samples, Is.Empty);
        _all.Advance(10);
        Assert.That(report.Samples, Has.Count.EqualTo(2));
    }

    [TestCase(0, 1024)]
    [TestCase(1, -1)]
    public void OptionThatCannotWork_StopsTheStart(int seconds, int bytes)
    {
        _all = new DialogWorld();
        Assert.That(
            () => new DialogWorld(options =>
            {
                options.Calls.Records.SampleInterval = TimeSpan.FromSeconds(seconds);
                options.Calls.Records.MaxMessageBytes = bytes;
            }),
            Throws.InstanceOf<SipStartException>().With.Message.StartsWith("Calls.Records."));
    }

    private void Make(Action<CallRecordOptions>? records = null, Action<SipServerOptions>? configure = null) =>
        _all = new DialogWorld(options =>
        {
            options.Defence.CheckDialogSource = false;
            options.Authentication.MaxWrongPasswordsPerUser = 10_000;
            options.Authentication.MaxWrongPasswordsPerSource = 10_000;
            records?.Invoke(options.Calls.Records);
            configure?.Invoke(options);
        });

    private string CallAndHangUp()
    {
        var dialog = _all.Up(isIncoming: true);
        var id = _all.Call.Id;
        dialog.Ask("BYE");
        return id;
    }

    private string CallAndFail()
    {
        _all.Host.Decide = static (_, _) => throw new InvalidOperationException("a handler that fails");
        var invite = _all.Dial();
        _all.Phone.Ack(invite, _all.Phone.WaitFor(m => m.Status >= 500));
        _all.Host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        return _all.Server.FindEndedCalls().Calls is [var last, ..] ? last.Id : "";
    }

    private void WrongPassword(string callId)
    {
        _all.Phone.Send(_all.Phone.Request("INVITE", "room1", callId, _all.Phone.Sdp, _all.Phone.Contact()));
        var challenge = _all.Phone.WaitFor(m => m.Status == 401 && m["Call-ID"] == callId);
        _all.Phone.Send(_all.Phone.Request(
            "INVITE", "room1", callId, _all.Phone.Sdp,
            _all.Phone.Contact() + _all.Phone.Authorize(challenge, "INVITE", "sip:room1@test.local", "wrong")));
        _all.Phone.WaitFor(m => m.Status is 403 or 503 && m["Call-ID"] == callId);
    }

    private List<string> Kept() => Find(new EndedCallFilter());

    private List<string> Find(EndedCallFilter filter) => [.. _all.Server.FindEndedCalls(filter).Calls.Select(call => call.Id)];

    private List<string> Related(string id) => [.. _all.Server.FindRelatedCalls(id).Select(call => call.Id)];
}
