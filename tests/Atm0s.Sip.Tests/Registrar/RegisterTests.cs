using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Registrar;

/// <summary>REGISTER as a phone sends it, byte by byte, against a whole server in virtual time (RFC 3261 §10.3).</summary>
[SingleThreaded]
public sealed class RegisterTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options =>
        {
            options.Registrar.MaxContactsPerUser = 3;
            options.Authentication.Algorithms.Add(DigestAlgorithm.Sha256);
        });
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Register_IsChallenged_WithBothAlgorithms_AndNothingIsKept()
    {
        // As long as those of phones are.
        var more = "User-Agent: Acme Phone 3.1.4\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO\r\nExpires: 600\r\n";
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + more));
        var challenge = _alice.WaitForResponse("REGISTER", 401);

        Assert.That(challenge.All("WWW-Authenticate"), Has.Count.EqualTo(2));
        Assert.That(challenge.All("WWW-Authenticate"), Has.All.Contains("realm=\"test.local\"").And.All.Contains("qop=\"auth\""));
        Assert.That(challenge["To"], Does.Contain(";tag="));
        Assert.That(_host.Asked, Is.Empty, "an unauthenticated request must not reach the host");
    }

    [Test]
    public void RightPassword_Binds_AndTellsTheHost()
    {
        var ok = _alice.Register(expires: 600);

        Assert.That(ok.Status, Is.EqualTo(200));
        Assert.That(ok["Contact"], Does.StartWith("<sip:alice@10.0.2.1:5060>").And.Contains("expires=600"));
        _world.Advance(VirtualWorld.Step);
        Assert.That(_host.Registrations, Is.EqualTo(new[] { "registered alice" }));
        var info = _server.FindRegistrations("alice").Single();
        Assert.That(info.SessionId, Is.EqualTo(_host.Asked[0].SessionId), "the host is asked with the session id it is told of later");
        Assert.That(info.Source.ToString(), Is.EqualTo("10.0.2.1:5060"));
        Assert.That(_host.Asked[0].Algorithm, Is.EqualTo("MD5"));
    }

    [Test]
    public void WrongPassword_Is403_AndBindsNothing()
    {
        Assert.That(_alice.Register(password: "guess").Status, Is.EqualTo(403));
        Assert.That(_server.Registrations, Is.Empty);
        Assert.That(_host.Registrations, Is.Empty);
    }

    [Test]
    public void UnknownUser_GetsTheSameAnswerAsAWrongPassword()
    {
        var nobody = new ScriptedPhone(_world, "nobody", "10.0.2.9");
        var refused = nobody.Register();
        var wrong = _alice.Register(password: "guess");

        Assert.That(refused.Status, Is.EqualTo(403));
        Assert.That(refused.StartLine, Is.EqualTo(wrong.StartLine));
    }

    [Test]
    public void AnotherUsersAddress_CanNotBeRegistered()
    {
        var mallory = new ScriptedPhone(_world, "mallory", "10.0.2.7");
        mallory.Send(mallory.Request("REGISTER", null, "m", extra: mallory.Contact()));
        var challenge = mallory.WaitForResponse("REGISTER", 401);
        mallory.Received.Clear();
        var request = mallory.Request(
            "REGISTER", null, "m", extra: mallory.Contact() + mallory.Authorize(challenge, "REGISTER", "sip:test.local"));
        mallory.Send(request.Replace("To: <sip:mallory@", "To: <sip:alice@", StringComparison.Ordinal));

        Assert.That(mallory.WaitFor(m => m.IsResponse).Status, Is.EqualTo(403));
        Assert.That(_server.Registrations, Is.Empty);
    }

    [Test]
    public void StaleNonce_IsChallengedAgain_WithStale()
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var challenge = _alice.WaitForResponse("REGISTER", 401);
        _world.Advance(TimeSpan.FromSeconds(61));
        _alice.Received.Clear();
        _alice.Send(
            _alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + _alice.Authorize(challenge, "REGISTER", "sip:test.local")));

        var again = _alice.WaitFor(m => m.IsResponse);
        Assert.That(again.Status, Is.EqualTo(401));
        Assert.That(again["WWW-Authenticate"], Does.Contain("stale=true"));
    }

    [Test]
    public void UsedNonceCount_IsNotAcceptedASecondTime()
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var authorization = _alice.Authorize(_alice.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + authorization));
        _alice.WaitForResponse("REGISTER", 200);
        _alice.Received.Clear();
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + authorization));

        Assert.That(_alice.WaitFor(m => m.IsResponse).Status, Is.EqualTo(401), "a recorded request must not register anybody");
    }

    [Test]
    public void Retransmission_IsAnsweredIdentically_AndAskedOnce()
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var authorization = _alice.Authorize(_alice.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        _alice.Received.Clear();
        var request = _alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + authorization);
        _alice.Send(request);
        _alice.WaitForResponse("REGISTER", 200);
        _alice.Send(request);
        _world.RunUntil(() => _alice.Received.Count == 2);

        Assert.That(_alice.Received[1].Raw, Is.EqualTo(_alice.Received[0].Raw));
        Assert.That(_host.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public void Refresh_KeepsTheSession()
    {
        _alice.Register();
        var session = _server.FindRegistrations("alice").Single().SessionId;
        _world.Advance(TimeSpan.FromSeconds(100));
        Assert.That(_alice.Register().Status, Is.EqualTo(200));
        _world.Advance(VirtualWorld.Step);

        Assert.That(_server.FindRegistrations("alice").Single().SessionId, Is.EqualTo(session));
        Assert.That(_host.Registrations, Is.EqualTo(new[] { "registered alice", "refreshed alice" }));
        _world.Advance(TimeSpan.FromSeconds(550));
        Assert.That(_server.FindRegistrations("alice"), Has.Count.EqualTo(1), "the refresh moved the end");
    }

    [Test]
    public void Binding_Expires_AndTheHostIsTold()
    {
        _alice.Register(expires: 60);
        _world.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_server.Registrations, Has.Count.EqualTo(1));
        _world.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_server.Registrations, Is.Empty);
        Assert.That(_host.Registrations[^1], Is.EqualTo("unregistered alice Expired"));
    }

    [Test]
    public void ExpiresZero_Unregisters()
    {
        _alice.Register();
        Assert.That(_alice.Register(expires: 0).Status, Is.EqualTo(200));
        _world.Advance(VirtualWorld.Step);

        Assert.That(_server.Registrations, Is.Empty);
        Assert.That(_host.Registrations[^1], Is.EqualTo("unregistered alice Client"));
    }

    [Test]
    public void Star_UnregistersEverything()
    {
        _alice.Register();
        _alice.Register(contact: "Contact: <sip:alice@10.0.2.1:5070>\r\n", callId: "other");
        Assert.That(_server.Registrations, Has.Count.EqualTo(2));

        var ok = _alice.Register(expires: 0, contact: "Contact: *\r\n");
        Assert.That(ok.Status, Is.EqualTo(200));
        Assert.That(ok.All("Contact"), Is.Empty);
        Assert.That(_server.Registrations, Is.Empty);
    }

    [Test]
    public void Star_WithoutExpiresZero_Is400() =>
        Assert.That(_alice.Register(expires: 60, contact: "Contact: *\r\n").Status, Is.EqualTo(400));

    // RFC 3261 §10.2.1.1, §20.19: dates are of RFC 2543.
    [TestCase("Thu, 01 Dec 1994 16:00:00 GMT")]
    [TestCase("soon")]
    [TestCase("-1")]
    [TestCase("")]
    public void MalformedExpires_IsAnHour(string value)
    {
        var extra = $"{_alice.Contact()}Expires: {value}\r\n";
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: extra));
        var challenge = _alice.WaitFor(m => m.IsResponse);
        _alice.Received.Clear();
        _alice.Send(_alice.Request(
            "REGISTER", null, "r1", extra: extra + _alice.Authorize(challenge, "REGISTER", "sip:test.local")));

        Assert.That(_alice.WaitForResponse("REGISTER", 200)["Contact"], Does.EndWith(";expires=3600"));
    }

    [Test]
    public void WithoutContact_TellsWhatIsBound()
    {
        _alice.Register();
        var ok = _alice.Register(contact: "");

        Assert.That(ok["Contact"], Does.Contain("alice@10.0.2.1"));
        Assert.That(_host.Registrations, Has.Count.EqualTo(1));
    }

    [Test]
    public void TooShort_Is423_WithMinExpires()
    {
        var refused = _alice.Register(expires: 5);
        Assert.That(refused.Status, Is.EqualTo(423));
        Assert.That(refused["Min-Expires"], Is.EqualTo("30"));
    }

    [Test]
    public void TooLong_IsCutToTheMaximum() =>
        Assert.That(_alice.Register(expires: 999_999)["Contact"], Does.Contain("expires=7200"));

    [Test]
    public void ContactExpires_GoesBeforeTheHeader() =>
        Assert.That(_alice.Register(expires: 600, contact: _alice.Contact(";expires=90"))["Contact"], Does.Contain("expires=90"));

    [Test]
    public void OneContactTooMany_TakesThePlaceOfTheOldest()
    {
        for (var i = 0; i < 4; i++)
        {
            _alice.Register(contact: $"Contact: <sip:alice@10.0.2.1:{6000 + i}>\r\n", callId: $"c{i}");
            _world.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_server.FindRegistrations("alice").Select(r => r.Contact).ToArray(), Has.Length.EqualTo(3).And.None.Contains(":6000"));
        Assert.That(_host.Registrations, Has.Some.EqualTo("unregistered alice Replaced"));
    }

    [Test]
    public void OlderCSeq_ChangesNothing()
    {
        _alice.Register();
        _alice.Received.Clear();
        _alice.Send(_alice.Request("REGISTER", null, "register", extra: _alice.Contact(), cseq: 1));
        var authorization = _alice.Authorize(_alice.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        _alice.Send(_alice.Request("REGISTER", null, "register", extra: _alice.Contact() + "Expires: 0\r\n" + authorization, cseq: 1));

        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status != 401).Status, Is.EqualTo(500));
        Assert.That(_server.Registrations, Has.Count.EqualTo(1));
    }

    [Test]
    public void HostThatCantFindOut_Is503_WithRetryAfter()
    {
        _host.Authorize = static (_, _) => throw new IOException("the hook server can't be reached");
        var refused = _alice.Register();
        Assert.That(refused.Status, Is.EqualTo(503));
        Assert.That(refused["Retry-After"], Is.Not.Empty);
    }

    [Test]
    public void HostThatFails_Is500_AndThatTakesTooLong_Is503()
    {
        _host.Authorize = static (_, _) => throw new InvalidOperationException("database is gone");
        Assert.That(_alice.Register().Status, Is.EqualTo(500));

        _host.Authorize = static (_, _) => new ValueTask<AuthDecision>(new TaskCompletionSource<AuthDecision>().Task);
        _alice.Send(_alice.Request("REGISTER", null, "slow", extra: _alice.Contact()));
        _alice.Received.Clear();
        var authorization = _alice.Authorize(_alice.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        _alice.Received.Clear();
        _alice.Send(_alice.Request("REGISTER", null, "slow", extra: _alice.Contact() + authorization));
        _world.Advance(TimeSpan.FromSeconds(6));
        var refused = _alice.WaitFor(m => m.Status >= 200);
        Assert.That(refused.Status, Is.EqualTo(503));
        Assert.That(refused["Retry-After"], Is.Not.Empty);
        Assert.That(_server.Registrations, Is.Empty);
    }
}
