using System.Text;
using Atm0s.Sip.Calls.Records.Ladder;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>The ladder of a call, and what strangers write into it.</summary>
[SingleThreaded]
public sealed class LadderTests
{
    private DialogWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new DialogWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void Ladder_OfACall_ShowsEachMessageOnItsWay()
    {
        var dialog = _all.Up(isIncoming: true);
        var id = _all.Call.Id;
        dialog.Ask("BYE", extra: "Reason: Q.850;cause=16\r\n");
        Assert.That(_all.Server.TryGetReport(id, out var report), Is.True);
        var lines = Lines(report!);

        Assert.That(lines[0], Is.EqualTo($"Call {id}: incoming, from bob to room1, room room1, user bob"));
        Assert.That(lines[1], Does.Match("^  began 2030-01-01 00:00:..\\.... UTC, answered after 0\\.0.. s, ended after "));
        Assert.That(lines[2], Is.EqualTo("  RemoteHangup (0): the phone hung up"));
        Assert.That(lines[3], Does.StartWith("  Call-ID in1"));
        Assert.That(lines[5], Does.Match("^ +bob +this server$"));
        Assert.That(lines[6], Does.Match("^ +udp://10\\.0\\.2\\.2:5060$"));
        Assert.That(lines[7], Does.Match(@"^00:00:..\.... +\|-+ INVITE sip:room1\S* \(SDP\) -*>\|$"));
        Assert.That(lines, Has.Some.Matches(@"\|<-+ 200 OK \(INVITE, SDP\) -+\|$"));
        Assert.That(lines, Has.Some.Matches(@"\|-+ BYE sip:\S+ -*>\|  Reason: Q\.850;cause=16$"));
        // Both happen in the same instant.
        Assert.That(lines[^2..], Has.Some.Matches($"call {id} ends: RemoteHangup \\(0\\)"));
        Assert.That(lines[^2..], Has.Some.Matches(@"\|<-+ 200 OK \(BYE\) -+\|$"));
    }

    [Test]
    public void Ladder_OfTwoLegs_HasTheCallerLeftAndTheOtherRight()
    {
        Assert.That(_all.Phone.Register().Status, Is.EqualTo(200));
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var invite = _all.Dial();
        _all.Phone.WaitForResponse("INVITE", 180);
        var caller = _all.Server.Calls.Single(c => c.Info.Direction == CallDirection.Incoming);
        _all.World.Await(_all.Server.CallClientAsync(
            "room1", _all.Server.Registrations[0].SessionId, "1001", new OutgoingCallOptions { ForCallId = caller.Id }).AsTask());
        var rung = _all.Phone.WaitForRequest("INVITE");
        _all.Phone.Respond(rung, 486, "Busy Here");
        _all.Advance(0.1);
        _all.Phone.Cancel(invite);
        _all.World.RunUntil(() => _all.Server.Calls.Count == 0);

        var writer = new StringWriter();
        SipLadder.Write(writer, _all.Server.FindRelatedCalls(caller.Id));
        var lines = writer.ToString().Split('\n');
        Assert.That(lines, Has.Some.Matches("^ +bob +this server +bob$"));
        Assert.That(lines, Has.Some.Matches(@"^00:\S+ +\|-+ INVITE \S+ \(SDP\) -*>\| +\|$"), "the caller's");
        Assert.That(lines, Has.Some.Matches(@"^00:\S+ +\| +\|-+ INVITE \S+ \(SDP\) -*>\|$"), "ours");
        Assert.That(lines, Has.Some.Matches(@"^00:\S+ +\| +\|<-+ 486 Busy Here \(INVITE\) -+\|$"));
    }

    // Nothing that a phone writes moves the cursor, breaks a line or turns the direction of writing.
    [TestCase("INVITE sip:a\u001b[2J@b SIP/2.0\r\nCSeq: 1 INVITE\r\nReason: x\u001b]0;owned\u0007\r\n\r\n")]
    [TestCase("SIP/2.0 486 Besetzt\u202Ekcart\r\nCSeq: 1 INVITE\u2028\r\nWarning: 399 \u0000 \u0085\r\n\r\n")]
    [TestCase("INVITE\tsip:a@b SIP/2.0\r\nX\r\n:\r\nReason:\r\n\r\n")]
    [TestCase("\r\n\r\n")]
    [TestCase("")]
    [TestCase("SIP/2.0 ")]
    public void Ladder_OfHostileText_IsPlain(string message)
    {
        var text = Draw(message);

        Assert.That(text.Replace("\n", "", StringComparison.Ordinal).Where(PlainText.IsUnsafe), Is.Empty);
        Assert.That(text.Split('\n'), Has.Length.LessThan(14));
    }

    [Test]
    public void Ladder_OfWideCharacters_KeepsItsColumns()
    {
        var lines = Draw("INVITE sip:会議室会議室会議室会議室会議室会議室会議室会議室会議室会議室会議室会議室@b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n").Split('\n');
        var arrow = lines.Single(line => line.Contains("INVITE", StringComparison.Ordinal));
        var other = Draw("INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n").Split('\n')
            .Single(line => line.Contains("INVITE", StringComparison.Ordinal));

        Assert.That(TextWidth.Of(arrow), Is.EqualTo(TextWidth.Of(other)));
        Assert.That(arrow, Does.EndWith("|").And.Contain("..."));
    }

    [Test]
    public void RepeatedMessage_IsSaidToBeOne()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var invite = _all.Dial();
        _all.Phone.WaitForResponse("INVITE", 180);
        Assert.That(string.Join('\n', Lines(_all.Call.GetReport())), Does.Not.Contain("  again"));
        _all.Phone.Send(invite.Raw);
        _all.Advance(0.1);

        var repeated = Lines(_all.Call.GetReport()).Where(line => line.EndsWith("  again", StringComparison.Ordinal)).ToList();
        Assert.That(repeated, Has.Count.EqualTo(2));
        Assert.That(repeated, Has.Some.Contains("INVITE sip:").And.Some.Contains("180 Ringing"));
    }

    [Test]
    public void HalfACharacter_IsReplaced() => Assert.That(TextWidth.Clip("\ud800abc", 10), Is.EqualTo("\ufffdabc"));

    [TestCase("abcdef", 6, "abcdef")]
    [TestCase("abcdefg", 6, "abc...")]
    [TestCase("会議室会", 7, "会議...")]
    [TestCase("会議室", 6, "会議室")]
    [TestCase("a\u0301\u0301\u0301\u0301\u0301\u0301b", 4, "a\u0301\u0301\u0301b")]
    [TestCase("abc", 3, "")]
    public void Text_IsClipped(string text, int max, string expected) => Assert.That(TextWidth.Clip(text, max), Is.EqualTo(expected));

    private string Draw(string message)
    {
        if (_all.Server.Calls.Count == 0)
            _all.Up(isIncoming: true);
        var call = (Sip.Calls.CallHandle)_all.Call;
        var flow = new Costs.SilentFlow();
        call.Inner.Record.Add(flow, Encoding.UTF8.GetBytes(message), isSent: false);
        var only = new StringWriter();
        SipLadder.Write(only, call.GetReport());
        var own = only.ToString().Split('\n').Where(line => !line.StartsWith("00:", StringComparison.Ordinal));
        var last = only.ToString().Split('\n').Last(line => line.StartsWith("00:", StringComparison.Ordinal));
        return string.Join('\n', own.Append(last));
    }

    private static string[] Lines(CallReport report)
    {
        var writer = new StringWriter();
        SipLadder.Write(writer, report);
        Assert.That(writer.ToString(), Does.EndWith("\n").And.Not.Contain("\r"));
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
