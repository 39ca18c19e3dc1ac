using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Digits;

/// <summary>Keys by SIP INFO, from the phone and to it (RFC 2976, RFC 6086 §4.2.2).</summary>
[SingleThreaded]
public sealed class InfoCallTests
{
    private const string Relay = "application/dtmf-relay";

    private static readonly string NoEvents = SdpText.Of("8");

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private SipText _invite = null!;
    private SipText _ok = null!;
    private int _cseq = 100;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Media.Timeout = TimeSpan.FromMinutes(5));
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    private string Digits => string.Concat(_host.Events.OfType<CallEvent.DtmfReceived>().Select(e => e.Digit));

    private ISipCall Answered => _server.Calls.Single();

    [TestCase(Relay, "Signal=5\r\nDuration=160\r\n", "5")]
    [TestCase("application/dtmf", "#", "#")]
    [TestCase(Relay, "Signal=16\r\nDuration=160\r\n", "", Description = "flash is no digit")]
    public void Info_IsAKey(string type, string body, string expected)
    {
        Call();
        Assert.That(Info(type, body).Status, Is.EqualTo(200));
        _world.Advance(TimeSpan.FromMilliseconds(50));

        Assert.That(Digits, Is.EqualTo(expected));
        Assert.That(
            _host.Events.OfType<CallEvent.DtmfReceived>().Select(e => e.Duration.TotalMilliseconds),
            Has.All.EqualTo(type == Relay ? 160 : 100));
    }

    [Test]
    public void RepeatedInfo_IsOneKey()
    {
        Call();
        var text = InfoText(Relay, "Signal=5\r\n");
        for (var i = 0; i < 4; i++)
        {
            _alice.Send(text);
            _world.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.That(Digits, Is.EqualTo("5"));
        Assert.That(_alice.Received.Count(m => m.Method == "INFO" && m.Status == 200), Is.EqualTo(4), "every copy is answered");
    }

    [TestCase("text/plain", "hello", "", 415, "Accept", "application/dtmf-relay, application/dtmf")]
    [TestCase("application/sdp", "v=0\r\n", "", 415, "Accept", "application/dtmf-relay, application/dtmf")]
    [TestCase(Relay, "Signal=x\r\n", "", 400, null, null)]
    [TestCase(Relay, "Signal=5\r\n", "Info-Package: nobody\r\n", 469, "Recv-Info", "")]
    [TestCase("", "", "", 200, null, null)]
    public void OtherInfo_IsAnsweredByTheRules_AndIsNoKey(string type, string body, string extra, int status, string? header, string? value)
    {
        Call();
        var answer = Info(type, body, extra);

        Assert.That(answer.Status, Is.EqualTo(status));
        if (header is not null)
            Assert.That(answer.All(header), Is.EqualTo(new[] { value }));
        Assert.That(Digits, Is.Empty);
        Assert.That(Answered.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void Allow_NamesInfo()
    {
        Call();
        Assert.That(_ok["Allow"].Split(", "), Does.Contain("INFO"));
    }

    [Test]
    public void InfoOutsideADialog_Is481()
    {
        _alice.Send(_alice.Request("INFO", "room1", "o1"));
        _alice.WaitForResponse("INFO", 481);
    }

    [Test]
    public void KeySentBothWays_IsToldOnce()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        Call(SdpText.Of());
        rtp.Talk(TimeSpan.FromMilliseconds(100), SdpText.Rtp(_ok));
        foreach (var digit in "55#")
        {
            _alice.Send(InfoText(Relay, $"Signal={digit}\r\nDuration=160\r\n"));
            rtp.Press(digit == '#' ? 11 : digit - '0', SdpText.Rtp(_ok));
            rtp.Listen(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(Digits, Is.EqualTo("55#"));
    }

    [Test]
    public void Send_ToAPhoneWithoutEvents_IsByInfo_OneByOne()
    {
        Call();
        var sending = Answered.SendDtmfAsync("12*", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));
        var times = new List<double>();
        foreach (var digit in "12*")
        {
            var info = _alice.WaitForRequest("INFO", TimeSpan.FromSeconds(1));
            times.Add(_world.Network.Sent[^1].Time.TotalMilliseconds);
            Assert.That((info["Content-Type"], info.Body), Is.EqualTo((Relay, $"Signal={digit}\r\nDuration=200\r\n")));
            _alice.Received.Clear();
            Assert.That(sending.IsCompleted, Is.False);
            _alice.Respond(info, 200, "OK");
        }

        Assert.That(_world.Await(sending), Is.EqualTo(CallCommandResult.Done));
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a), Is.All.EqualTo(300).Within(10));
        Assert.That(_alice.Received.Where(m => m.Method == "INFO"), Is.Empty);
    }

    [Test]
    public void Send_TheNextWaitsForAnAnswerThatTakesLong()
    {
        Call();
        var sending = Answered.SendDtmfAsync("12");
        var first = _alice.WaitForRequest("INFO");
        _world.Advance(TimeSpan.FromSeconds(3));
        Assert.That(_alice.Received.Where(m => m.Method == "INFO").Select(m => m.Body), Is.All.EqualTo("Signal=1\r\nDuration=100\r\n"));
        _alice.Received.Clear();
        _alice.Respond(first, 200, "OK");
        var second = _alice.WaitFor(
            m => m.Method == "INFO" && m.Body.StartsWith("Signal=2", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
        _alice.Respond(second, 200, "OK");

        Assert.That(_world.Await(sending), Is.EqualTo(CallCommandResult.Done));
    }

    [TestCase(405)]
    [TestCase(415)]
    [TestCase(403)]
    [TestCase(501)]
    [TestCase(603)]
    public void Send_PhoneThatRefuses_GetsNoMore(int status)
    {
        Call();
        var (first, second) = (Answered.SendDtmfAsync("12"), Answered.SendDtmfAsync("3"));
        _alice.Respond(_alice.WaitForRequest("INFO"), status, "No");

        Assert.That(_world.Await(first), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(_world.Await(second), Is.EqualTo(CallCommandResult.NotPossible));
        _alice.Received.Clear();
        Assert.That(_world.Await(Answered.SendDtmfAsync("4")), Is.EqualTo(CallCommandResult.NotPossible));
        Assert.That(_alice.Received, Is.Empty);
        Assert.That(Answered.State, Is.EqualTo(CallState.Answered));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(0, Description = "no answer at all")]
    public void Send_TroubleOnTheWay_DropsTheseKeys_AndTheNextAreTried(int status)
    {
        Call();
        var (first, second) = (Answered.SendDtmfAsync("12"), Answered.SendDtmfAsync("3"));
        var info = _alice.WaitForRequest("INFO");
        if (status > 0)
            _alice.Respond(info, status, "Trouble");

        Assert.That(_world.Await(first, TimeSpan.FromSeconds(40)), Is.EqualTo(CallCommandResult.NotPossible));
        var next = _alice.WaitFor(m => m.Method == "INFO" && !m.Body.StartsWith("Signal=1", StringComparison.Ordinal));
        Assert.That(next.Body, Does.StartWith("Signal=3"));
        _alice.Respond(next, 200, "OK");
        Assert.That(_world.Await(second), Is.EqualTo(CallCommandResult.Done));
    }

    // RFC 3261 §12.2.1.2
    [Test]
    public void Send_PhoneThatKnowsOfNoCall_EndsIt()
    {
        Call();
        var sending = Answered.SendDtmfAsync("12");
        _alice.Respond(_alice.WaitForRequest("INFO"), 481, "No call");

        Assert.That(_world.Await(sending), Is.EqualTo(CallCommandResult.Ended));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Gone));
    }

    [TestCase("Allow: INVITE, ACK, BYE\r\n", false)]
    [TestCase("Allow: INVITE, ACK, INFO\r\n", true)]
    [TestCase("Allow: INVITE\r\nAllow: INFO\r\n", true)]
    [TestCase("", true)]
    public void Send_HeedsWhatThePhoneAllows(string allow, bool expected)
    {
        Call(extra: allow);
        var sending = Answered.SendDtmfAsync("1");
        if (expected)
            _alice.Respond(_alice.WaitForRequest("INFO"), 200, "OK");

        Assert.That(_world.Await(sending), Is.EqualTo(expected ? CallCommandResult.Done : CallCommandResult.NotPossible));
    }

    [Test]
    public void Send_ToAPhoneWithEvents_IsInRtp()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        Call(SdpText.Of());
        Assert.That(_world.Await(Answered.SendDtmfAsync("1")), Is.EqualTo(CallCommandResult.Done));
        rtp.Listen(TimeSpan.FromMilliseconds(300));

        Assert.That(rtp.PayloadTypes, Does.Contain(101));
        Assert.That(_alice.Received.Where(m => m.Method == "INFO"), Is.Empty);
    }

    [Test]
    public void Send_MoreThan64_IsNotPossible_AndTheEndOfTheCallEndsTheRest()
    {
        Call();
        var (first, second) = (Answered.SendDtmfAsync(new string('1', 60)), Answered.SendDtmfAsync("12345678"));
        Assert.That(_world.Await(second), Is.EqualTo(CallCommandResult.NotPossible));
        _alice.Send(InDialogText("BYE", "", "", ""));

        Assert.That(_world.Await(first), Is.EqualTo(CallCommandResult.Ended));
    }

    private void Call(string? sdp = null, string extra = "")
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        _alice.Send(_alice.Request("INVITE", "room1", "c1", sdp ?? NoEvents, _alice.Contact() + extra));
        var challenge = _alice.WaitForResponse("INVITE", 401);
        var text = _alice.Request(
            "INVITE",
            "room1",
            "c1",
            sdp ?? NoEvents,
            _alice.Contact() + extra + _alice.Authorize(challenge, "INVITE", "sip:room1@test.local"));
        _alice.Send(text);
        _invite = new SipText(text);
        _ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(_invite, _ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _alice.Received.Clear();
    }

    private SipText Info(string type, string body, string extra = "")
    {
        _alice.Send(InfoText(type, body, extra));
        return _alice.WaitFor(m => m.IsResponse && m.Method == "INFO");
    }

    private string InfoText(string type, string body, string extra = "") => InDialogText("INFO", type, body, extra);

    private string InDialogText(string method, string type, string body, string extra) =>
        DialogText.Of(_alice, _invite, _ok, method, _cseq++, type, body, extra);
}
