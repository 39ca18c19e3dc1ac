using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>
/// What moves a cursor, breaks a line or turns the direction of writing reaches no room, no event and no log, however it comes.
/// </summary>
[SingleThreaded]
public sealed class PlainTextTests
{
    private static readonly string[] Escaped =
        ["%0d%0a", "%0D%0ASet: x", "%1b[2J", "%00", "%7f", "%c2%85", "%c2%9b31m", "%e2%80%a8", "%e2%80%ae", "%e2%81%a6", "%ef%bb%bf",
            "\u202e"];

    private LogLines _log = null!;
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp()
    {
        _log = new LogLines();
        _all = new SignallingWorld(log: _log);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _all.DisposeAsync();
        _log.Dispose();
    }

    [TestCaseSource(nameof(Escaped))]
    public void InANumber_StaysEscaped_InRoomEventsAndLog(string hostile)
    {
        var number = $"open-a{hostile}b".Replace(" ", "%20", StringComparison.Ordinal).Replace("[", "%5b", StringComparison.Ordinal)
            .Replace(":", "%3a", StringComparison.Ordinal);
        var invite = SignallingWorld.CallOpen(_all.Stranger, number, "c1");
        var answer = _all.Stranger.WaitFor(m => m.IsResponse && m.Status >= 200);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        if (answer.Status == 200)
        {
            _all.Stranger.Ack(invite, answer);
            Assert.That(_all.Server.Rooms, Has.Count.EqualTo(1));
            Assert.That(_all.Host.Invited, Has.Count.EqualTo(1));
        }

        Assert.That(AllText(), Has.None.Matches<string>(text => text.Any(IsUnsafe)));
    }

    [TestCaseSource(nameof(Escaped))]
    public void InWhoCalls_StaysEscaped(string hostile)
    {
        var from = hostile.Replace(" ", "%20", StringComparison.Ordinal).Replace("[", "%5b", StringComparison.Ordinal)
            .Replace(":", "%3a", StringComparison.Ordinal);
        _all.Stranger.Send(_all.Stranger.Request("INVITE", "open-1", "c1", _all.Stranger.Sdp, _all.Stranger.Contact())
            .Replace("From: <sip:stranger@", $"From: \"x\u202ey\" <sip:a{from}b@", StringComparison.Ordinal));
        _all.Stranger.WaitFor(m => m.IsResponse && m.Status >= 200);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(AllText(), Has.None.Matches<string>(text => text.Any(IsUnsafe)));
    }

    [Test]
    public void NameInCredentials_IsPlainInTheLog()
    {
        _all.Alice.Send(_all.Alice.Request("REGISTER", null, "r1", extra: _all.Alice.Contact()));
        var challenge = _all.Alice.WaitForResponse("REGISTER", 401);
        var authorization = _all.Alice.Authorize(challenge, "REGISTER", "sip:test.local")
            .Replace("username=\"alice\"", "username=\"a\u202eb\u2066\ufeffc\"", StringComparison.Ordinal);
        _all.Alice.Send(_all.Alice.Request("REGISTER", null, "r1", extra: _all.Alice.Contact() + authorization));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_log.All.Where(l => l.Any(IsUnsafe)), Is.Empty);
        Assert.That(_all.Alice.Received.Last().StartLine, Does.Contain("403"));
        Assert.That(_log.Of(2033).Single(), Does.Contain("\"a?b??c\""));
    }

    [TestCase("plain", "plain")]
    [TestCase("a\r\nb", "a\\u000d\\u000ab")]
    [TestCase("\u001b[31mred", "\\u001b[31mred")]
    [TestCase("Jürgen 你好", "Jürgen 你好")]
    [TestCase("a\u202eb\u2066c", "a\\u202eb\\u2066c")]
    public void Log_ShowsWhatItWas(string text, string shown) => Assert.That(LogText.Plain(text), Is.EqualTo(shown));

    [TestCase("sip:conf%0d%0aended@x", "conf%0D%0Aended")]
    [TestCase("sip:null-%00-null@x", "null-%00-null")]
    [TestCase("sip:%e2%80%aex@x", "%E2%80%AEx")]
    [TestCase("sip:J%c3%bcrgen%20M@x", "Jürgen M")]
    [TestCase("tel:+49-30-%0a", "+49-30-%0A")]
    public void Number_IsText(string uri, string number) => Assert.That(SipNumbers.Of(Encoding.UTF8.GetBytes(uri)), Is.EqualTo(number));

    // Said here once more, so that one mistake is not made twice.
    private static bool IsUnsafe(char c) =>
        c < ' ' || c is (>= '\u007f' and <= '\u009f') or '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e')
            or (>= '\u2066' and <= '\u2069') or '\ufeff';

    private List<string> AllText() =>
    [
        .. _log.All,
        .. _all.Server.Rooms.Select(r => r.Id),
        .. _all.Host.Events.SelectMany(e => new[] { e.Call.From, e.Call.To, e.Call.RoomId ?? "", e.ToString()! }),
        .. _all.Host.Invited.SelectMany(i => new[] { i.From, i.To, i.FromDisplayName ?? "", i.Identity?.ToString() ?? "" }),
        .. _all.Server.Calls.SelectMany(c => new[] { c.Info.From, c.Info.To, c.Info.RoomId ?? "" }),
    ];
}
