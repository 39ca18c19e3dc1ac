using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Challenges of proxies and servers to what we send (RFC 3261 §22.2, §22.3).</summary>
[SingleThreaded]
public sealed class ChallengeTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _carrier = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options => options.Trunks.Add(
            new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1", Credentials = new SipCredentials("acct", "pw") }));
        _carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase(401, "Authorization")]
    [TestCase(407, "Proxy-Authorization")]
    public void ByeThatIsChallenged_IsSentAgainWithCredentials(int status, string header)
    {
        var call = Answered();
        _ = call.HangUpAsync();
        var bye = Next("BYE");
        Challenge(bye, status, "carrier.test", "n1");
        var again = Next("BYE");
        Assert.That(again[header], Does.Contain("username=\"acct\"").And.Contain("nonce=\"n1\""));
        Assert.That(int.Parse(again["CSeq"].Split(' ')[0]), Is.EqualTo(int.Parse(bye["CSeq"].Split(' ')[0]) + 1));
        Assert.That(SipText.Parameter(again["Via"], "branch"), Is.Not.EqualTo(SipText.Parameter(bye["Via"], "branch")));
        _carrier.Respond(again, 200, "OK");
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_carrier.Received, Is.Empty);
    }

    [Test]
    public void ByeThatIsChallengedByWhatCanNotBeWritten_EndsTheDialogAllTheSame(
        [Values("a\r\n b", "a\rb", "a\0b", "a\\\0b")] string text, [Values] bool inRealm)
    {
        _ = Answered().HangUpAsync();
        Challenge(Next("BYE"), 401, inRealm ? text : "carrier.test", inRealm ? "n1" : text);
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Server.Parts.Stack.Shards.Sum(s => s.Dialogs.Count), Is.Zero);
        _all.World.Complete(_all.Server.StopAsync(), TimeSpan.FromMilliseconds(500));
    }

    [Test]
    public void ByeOfAnIncomingTrunkCall_HasTheTrunksCredentials()
    {
        SignallingWorld.CallOpen(_carrier, "open-1", "c1");
        var ok = _carrier.WaitForResponse("INVITE", 200);
        _carrier.Ack(new SipText(_carrier.Request("INVITE", "open-1", "c1", cseq: 1)), ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _ = _all.Server.Calls.Single().HangUpAsync();
        Challenge(Next("BYE"), 401, "carrier.test", "n1");
        Assert.That(Next("BYE")["Authorization"], Does.Contain("acct"));
    }

    [Test]
    public void Stop_WaitsForTheByeWithCredentials()
    {
        Answered();
        var stopped = _all.Server.StopAsync();
        Challenge(Next("BYE"), 401, "carrier.test", "n1");
        var again = Next("BYE");
        Assert.That(stopped.IsCompleted, Is.False);
        _carrier.Respond(again, 200, "OK");
        _all.World.Complete(stopped, TimeSpan.FromMilliseconds(500));
    }

    [Test]
    public void ProxiesAndServer_AreAllAnswered()
    {
        Call();
        Challenge(Next("INVITE"), 407, "proxy-a.test", "na");
        Challenge(Next("INVITE"), 407, "proxy-b.test", "nb");
        Challenge(Next("INVITE"), 401, "carrier.test", "nc");
        var last = Next("INVITE");
        Assert.That(last.All("Proxy-Authorization").Select(v => SipText.Parameter(v, "realm")),
            Is.EqualTo(new[] { "proxy-a.test", "proxy-b.test" }));
        Assert.That(last.All("Authorization").Select(v => SipText.Parameter(v, "realm")), Is.EqualTo(new[] { "carrier.test" }));
        Assert.That(last["Proxy-Authorization"], Does.Contain("nc=00000003"), "RFC 7616 §3.4: each use of a nonce counts");

        _carrier.Respond(last, 200, "OK", _carrier.Sdp);
        var ack = Next("ACK");
        Assert.That((ack.All("Proxy-Authorization").Count, ack.All("Authorization").Count), Is.EqualTo((2, 1)));
    }

    [Test]
    public void ChallengesOfOneResponse_AreAllAnswered()
    {
        Call();
        _carrier.Respond(Next("INVITE"), 401, "Both", extra: Header(401, "carrier.test", "ns") + Header(407, "proxy.test", "np"));
        var second = Next("INVITE");
        Assert.That((second.All("Authorization").Count, second.All("Proxy-Authorization").Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public void PasswordThatIsRefused_IsNotTriedAgain()
    {
        var call = Call();
        Challenge(Next("INVITE"), 401, "carrier.test", "n1");
        Challenge(Next("INVITE"), 401, "carrier.test", "n2");
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(401));
    }

    [TestCase("INVITE")]
    [TestCase("BYE")]
    [TestCase("REGISTER")]
    public void WhoSaysStaleForEver_IsGivenUp(string method)
    {
        if (method == "REGISTER")
            _ = _all.Server.AddTrunkAsync(new TrunkOptions
            {
                Name = "r", Server = "sip:10.0.3.1", Register = true, Credentials = new SipCredentials("acct", "pw"),
            });
        else if (method == "INVITE")
            Call();
        else
            _ = Answered().HangUpAsync();
        var count = 0;
        for (var i = 0; i < 1000; i++)
        {
            _all.World.Advance(TimeSpan.FromMilliseconds(5));
            foreach (var request in _carrier.Received.Where(m => !m.IsResponse && m.Method == method).ToList())
                _carrier.Respond(request, 401, "Again", extra: Header(401, "c", $"n{++count}", ", stale=true"));
            _carrier.Received.Clear();
        }

        Assert.That(count, Is.EqualTo(4));
    }

    private static string Header(int status, string realm, string nonce, string more = "") =>
        $"{(status == 401 ? "WWW" : "Proxy")}-Authenticate: Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm=MD5, "
            + $"qop=\"auth\"{more}\r\n";

    private ISipCall Call() => _all.World.Await(_all.Server.CallTrunkAsync("room1", "carrier", "123", "456").AsTask());

    private ISipCall Answered()
    {
        var call = Call();
        _carrier.Respond(Next("INVITE"), 200, "OK", _carrier.Sdp);
        Next("ACK");
        return call;
    }

    private SipText Next(string method)
    {
        var request = _carrier.WaitForRequest(method, TimeSpan.FromSeconds(1));
        _carrier.Received.Clear();
        return request;
    }

    private void Challenge(SipText request, int status, string realm, string nonce) =>
        _carrier.Respond(request, status, "Who", extra: Header(status, realm, nonce));
}
