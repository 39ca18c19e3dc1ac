using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>What credentials are good for: one use, one number, one source (RFC 7616 §3.3, §3.4.6).</summary>
[SingleThreaded]
public sealed class DigestUseTests
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
        _server = _world.StartServer(_host.Handlers, options => options.Authentication.RequireQop = false);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("10.66.6.6", "premium-0900")]
    [TestCase("10.66.6.6", "room1")]
    [TestCase("10.0.2.1", "premium-0900")]
    [TestCase("10.0.2.1", "room1")]
    public void WithoutQop_AreOfOneUse(string source, string number)
    {
        var authorization = WithoutQop("INVITE", "room1");
        _alice.Send(_alice.Request("INVITE", "room1", "c2", _alice.Sdp, _alice.Contact() + authorization));
        _alice.WaitFor(m => m.IsResponse && m.Status == 200 && m["Call-ID"] == "c2");
        var thief = source == "10.0.2.1" ? _alice : new ScriptedPhone(_world, "alice", source);
        thief.Send(thief.Request("INVITE", number, "c3", thief.Sdp, thief.Contact() + authorization));
        var got = thief.WaitFor(m => m.IsResponse && m["Call-ID"] == "c3" && m.Status >= 200);
        Assert.That(got.Status, Is.EqualTo(number == "room1" || source != "10.0.2.1" ? 401 : 400));
        Assert.That(_host.Invited, Has.Count.EqualTo(1));
    }

    [Test]
    public void RegisterWithoutQop_CanNotBeReplayedForAnotherContact()
    {
        var authorization = WithoutQop("REGISTER", null);
        _alice.Send(_alice.Request("REGISTER", null, "r0", extra: _alice.Contact() + authorization));
        _alice.WaitForResponse("REGISTER", 200);
        var thief = new ScriptedPhone(_world, "alice", "10.66.6.6");
        thief.Send(thief.Request("REGISTER", null, "r9", extra: thief.Contact() + authorization));
        thief.WaitForResponse("REGISTER", 401);
        _alice.Send(_alice.Request("REGISTER", null, "r9", extra: "Contact: <sip:x@10.66.6.6>\r\n" + authorization));
        _alice.WaitForResponse("REGISTER", 401);
        Assert.That(_server.FindRegistrations("alice").Single().Contact, Does.Contain("10.0.2.1"));
    }

    // Phones put the URI there as they write it themselves: with a port, a parameter, an escape; and a proxy may have put its own host into
    // the Request-URI.
    [TestCase("sip:room1@test.local", 200)]
    [TestCase("sip:room1@test.local:5060", 200)]
    [TestCase("sip:room1@test.local;transport=udp", 200)]
    [TestCase("sip:room1@10.0.0.1", 200)]
    [TestCase("sip:%72oom1@TEST.LOCAL", 200)]
    [TestCase("sip:room1;npdi@test.local;user=phone", 200)]
    [TestCase("sip:room2@test.local", 400)]
    [TestCase("sip:test.local", 200)]
    [TestCase("sip:10.0.0.1:5060", 200)]
    [TestCase("sip:Room1@test.local", 400)]
    [TestCase("sip:room1@evil.example.com", 400)]
    [TestCase("sip:evil.example.com", 400)]
    [TestCase("/", 400)]
    [TestCase("*", 400)]
    public void NumberInTheDigest_IsTheOneThatIsCalled(string uri, int status)
    {
        _alice.Send(_alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact()));
        var challenge = _alice.WaitForResponse("INVITE", 401);
        _alice.Send(_alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact() + _alice.Authorize(challenge, "INVITE", uri)));
        var got = _alice.WaitFor(m => m.IsResponse && m.Status is >= 200 and not 401);
        Assert.That(got.Status, Is.EqualTo(status));
        Assert.That(_host.Asked, Has.Count.EqualTo(status == 200 ? 1 : 0), "what is for another number is not even judged");
    }

    [TestCase("sip:test.local", 200)]
    [TestCase("sip:TEST.local:5060;transport=udp", 200)]
    [TestCase("sip:alice@test.local", 200)]
    [TestCase("sip:10.0.0.1:5060", 200)]
    [TestCase("sip:bob@test.local", 400)]
    [TestCase("sip:evil.example.com", 400)]
    [TestCase("sip:alice@evil.example.com", 400)]
    [TestCase("tel:1", 400)]
    [TestCase("*", 400)]
    public void RegisterWithAnotherUriInTheDigest_IsTakenWhereItMeansUs(string uri, int status)
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var challenge = _alice.WaitForResponse("REGISTER", 401);
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact() + _alice.Authorize(challenge, "REGISTER", uri)));
        _alice.WaitForResponse("REGISTER", status);
        Assert.That(_host.Asked, Has.Count.EqualTo(status == 200 ? 1 : 0));
    }

    [TestCase(7, 200)]
    [TestCase(8, 401)]
    [TestCase(100, 401)]
    public void CredentialsForOthersBeforeOurs_AreLookedAtUpToEight(int others, int status)
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var challenge = _alice.WaitForResponse("REGISTER", 401);
        _alice.Received.Clear();
        var before = string.Concat(Enumerable.Repeat(
            "Authorization: Digest username=\"a\", realm=\"x\", nonce=\"n\", uri=\"sip:x\", response=\"0\"\r\n", others));
        _alice.Send(_alice.Request(
            "REGISTER", null, "r1", extra: _alice.Contact() + before + _alice.Authorize(challenge, "REGISTER", "sip:test.local")));
        Assert.That(_alice.WaitFor(m => m.IsResponse).Status, Is.EqualTo(status));
    }

    [TestCase("REGISTER")]
    [TestCase("INVITE")]
    public void NonceOfBeforeTheRestart_IsStale_AndNoWrongPassword(string method)
    {
        var old = new SipText(
            "SIP/2.0 401 x\r\nWWW-Authenticate: Digest realm=\"test.local\", nonce=\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\", "
            + "algorithm=MD5, qop=\"auth\"\r\n\r\n");
        var to = method == "INVITE" ? "room1" : null;
        var uri = to is null ? "sip:test.local" : "sip:room1@test.local";
        _alice.Send(_alice.Request(method, to, "r1", extra: _alice.Contact() + _alice.Authorize(old, method, uri)));
        var challenge = _alice.WaitForResponse(method, 401);
        Assert.That(challenge["WWW-Authenticate"], Does.Contain("stale=true"));
        Assert.That(_host.Asked, Is.Empty);
    }

    [Test]
    public void FirstChallenge_IsNotStale()
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        Assert.That(_alice.WaitForResponse("REGISTER", 401)["WWW-Authenticate"], Does.Not.Contain("stale"));
        var other = _alice.Request("REGISTER", null, "r2", extra: _alice.Contact()
            + "Authorization: Digest username=\"alice\", realm=\"elsewhere\", nonce=\"n\", uri=\"sip:test.local\", response=\"0\"\r\n");
        _alice.Send(other);
        Assert.That(_alice.WaitFor(m => m["Call-ID"] == "r2")["WWW-Authenticate"], Does.Not.Contain("stale"), "another server's realm");
    }

    [TestCase(true, 401)]
    [TestCase(false, 200)]
    public void Nonce_IsOfTheAddressThatItWasSentTo(bool isBound, int status)
    {
        var server = _world.StartServer(_host.Handlers, o =>
        {
            o.Authentication.BindNonceToSource = isBound;
            o.Listeners[0].EndPoint = new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.0.0.9"), 5060);
        });
        Assert.That(server.ListenUris, Has.Count.EqualTo(1));
        var challenge = At("10.0.2.1", 5060, "");
        Assert.That(challenge.Status, Is.EqualTo(401));
        var authorization = _alice.Authorize(challenge, "REGISTER", "sip:test.local");
        Assert.That(At("10.0.2.7", 5060, authorization).Status, Is.EqualTo(status));
    }

    [Test]
    public void Nonce_IsNotOfThePort()
    {
        _alice.Send(_alice.Request("REGISTER", null, "r1", extra: _alice.Contact()));
        var challenge = _alice.WaitForResponse("REGISTER", 401);
        var rebound = new ScriptedPhone(_world, "alice", "10.0.2.1", 5099);
        rebound.Send(rebound.Request("REGISTER", null, "r1", extra: rebound.Contact()
            + rebound.Authorize(challenge, "REGISTER", "sip:test.local"), cseq: 9));
        rebound.WaitForResponse("REGISTER", 200);
    }

    private SipText At(string host, int port, string authorization)
    {
        var phone = new NinthPhone(_world, host, port);
        return phone.Register(authorization);
    }

    private string WithoutQop(string method, string? to)
    {
        _alice.Send(_alice.Request(method, to, "c1", to is null ? "" : _alice.Sdp, _alice.Contact()));
        var value = _alice.WaitForResponse(method, 401)["WWW-Authenticate"];
        _alice.Received.Clear();
        var (realm, nonce) = (SipText.Parameter(value, "realm"), SipText.Parameter(value, "nonce"));
        var uri = to is null ? "sip:test.local" : $"sip:{to}@test.local";
        var response = Md5($"{Md5($"alice:{realm}:pw-alice")}:{nonce}:{Md5($"{method}:{uri}")}");
        return $"Authorization: Digest username=\"alice\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", "
            + "algorithm=MD5\r\n";
    }

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    /// <summary>A phone of another server, which listens at 10.0.0.9.</summary>
    private sealed class NinthPhone(VirtualWorld world, string host, int port) : Core.Transport.ISipTransportSink
    {
        private SipText? _answer;

        public SipText Register(string authorization)
        {
            var own = new System.Net.IPEndPoint(System.Net.IPAddress.Parse(host), port);
            var transport = world.Network.CreateTransport(new Core.Transport.SipListenerOptions { EndPoint = own });
            world.Complete(transport.StartAsync(this, CancellationToken.None).AsTask());
            var flow = transport.TryGetFlow(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.0.0.9"), 5060))!;
            flow.TrySend(Encoding.UTF8.GetBytes(
                $"REGISTER sip:test.local SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{host}{authorization.Length};rport\r\n"
                + "Max-Forwards: 70\r\nFrom: <sip:alice@test.local>;tag=1\r\nTo: <sip:alice@test.local>\r\nCall-ID: nine\r\n"
                + $"CSeq: {1 + authorization.Length} REGISTER\r\nContact: <sip:alice@{own}>\r\n{authorization}Content-Length: 0\r\n\r\n"));
            world.RunUntil(() => _answer is not null);
            return _answer!;
        }

        public void OnMessage(Core.Transport.SipFlow flow, Core.Messages.SipMessage message)
        {
            _answer = new SipText(Encoding.UTF8.GetString(message.Raw));
            message.Dispose();
        }

        public void OnRefused(Core.Messages.SipRefusal refusal, int bytes)
        {
        }

        public void OnFlowClosed(Core.Transport.SipFlow flow)
        {
        }
    }
}
