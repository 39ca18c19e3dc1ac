using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Registrar;

/// <summary>
/// A registration of ours is tried again by itself (RFC 5626 §4.5, RFC 3261 §20.33), and keeps the time that was granted.
/// </summary>
[SingleThreaded]
public sealed class PhoneRegistrationTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Phone_SurvivesAnOutageOfTheServer()
    {
        var server = _world.StartServer(_host.Handlers);
        var phone = _world.StartPhone("bob", new Silence());
        Assert.That(_world.Await(phone.RegisterAsync()).StatusCode, Is.EqualTo(200));
        _world.Network.Filter = static _ => false;
        _world.RunUntil(() => server.FindRegistrations("bob").Count == 0, TimeSpan.FromMinutes(11));
        _world.Network.Filter = static _ => true;
        _world.RunUntil(() => server.FindRegistrations("bob").Count == 1, TimeSpan.FromMinutes(5));
    }

    [Test]
    public void Phone_WhoseFirstAttemptFails_TellsIt_AndGoesOn()
    {
        var phone = _world.StartPhone("bob", new Silence());
        Assert.That(_world.Await(phone.RegisterAsync(), TimeSpan.FromMinutes(1)).StatusCode, Is.EqualTo(408));
        var server = _world.StartServer(_host.Handlers);
        _world.RunUntil(() => server.FindRegistrations("bob").Count == 1, TimeSpan.FromMinutes(3));
        Assert.That(_world.Await(phone.UnregisterAsync()).StatusCode, Is.EqualTo(200));
        _world.Advance(TimeSpan.FromMinutes(2));
        Assert.That(server.FindRegistrations("bob"), Is.Empty, "what was taken back is not tried again");
    }

    [Test]
    public void Trunk_WaitsAsLongAsTheServerAsks()
    {
        var carrier = Trunk(out _);
        var first = carrier.WaitForRequest("REGISTER");
        carrier.Received.Clear();
        carrier.Respond(first, 503, "Busy", extra: "Retry-After: 400 (maintenance);duration=60\r\n");
        _world.Advance(TimeSpan.FromSeconds(399));
        Assert.That(carrier.Received, Is.Empty);
        carrier.WaitForRequest("REGISTER", TimeSpan.FromSeconds(3));
    }

        [TestCase("20", 30)]
    [TestCase("soon", 30)]
    [TestCase("99999999999999999999", 30)]
    public void RetryAfter_IsTakenUpToADay(string value, int seconds)
    {
        var carrier = Trunk(out _);
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 503, "Busy", extra: $"Retry-After: {value}\r\n");
        carrier.Received.Clear();
        var before = _world.Time.GetUtcNow();
        carrier.WaitForRequest("REGISTER", TimeSpan.FromHours(25));
        Assert.That((_world.Time.GetUtcNow() - before).TotalSeconds, Is.InRange(seconds / 2.0 - 1, seconds + 1));
    }

    // The contact as the carrier's border sees it, an old one beside it.
    [TestCase("Contact: <sip:acct@192.0.2.7:40000>;expires=60\r\nContact: <sip:acct@192.0.2.7:39999>;expires=0\r\n", 60)]
    [TestCase("Contact: <sip:acct@10.0.0.1:5060>;expires=90, <sip:acct@192.0.2.7>;expires=30\r\n", 90)]
    [TestCase("Contact: <sip:opaque-token@192.0.2.7>;expires=120\r\n", 120)]
    [TestCase("Contact: <sip:somebody@192.0.2.7>;expires=60, <sip:else@192.0.2.8>;expires=61\r\nExpires: 200\r\n", 200)]
    [TestCase("Contact: <sip:acct@10.0.0.1:5060>;expires=never\r\nExpires: 200\r\n", 200)]
    [TestCase("Contact: Acme, Inc <sip:acct@10.0.0.1:5060>;expires=70\r\n", 70)]
    [TestCase("", 3600)]
    public void TimeThatIsGranted_IsKept(string headers, int seconds)
    {
        var carrier = Trunk(out var added);
        var register = carrier.WaitForRequest("REGISTER");
        carrier.Send(
            $"SIP/2.0 200 OK\r\nVia: {register["Via"]}\r\nFrom: {register["From"]}\r\nTo: {register["To"]};tag=x\r\n"
            + $"Call-ID: {register["Call-ID"]}\r\nCSeq: {register["CSeq"]}\r\n{headers}Content-Length: 0\r\n\r\n");
        Assert.That(_world.Await(added).Expires, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        carrier.Received.Clear();
        carrier.WaitForRequest("REGISTER", TimeSpan.FromSeconds(seconds));
    }

    [TestCase(0, 0.0, 15)]
    [TestCase(0, 1.0, 30)]
    [TestCase(3, 1.0, 240)]
    [TestCase(40, 1.0, 1800)]
    public void Waits_Double_UpToHalfAnHour(int failuresBefore, double chance, int seconds)
    {
        var retry = new Client.RegisterRetry();
        var failed = new RegisterOutcome(408, TimeSpan.Zero);
        for (var i = 0; i < failuresBefore; i++)
            retry.Next(failed, 0.5);
        Assert.That(retry.Next(failed, chance), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        retry.Reset();
        Assert.That(retry.Next(failed, 1), Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    private ScriptedPhone Trunk(out Task<TrunkInfo> added)
    {
        var server = _world.StartServer(_host.Handlers);
        var carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
        added = server.AddTrunkAsync(new TrunkOptions
        {
            Name = "carrier", Server = "sip:10.0.3.1", Register = true, Credentials = new SipCredentials("acct", "pw"),
        });
        return carrier;
    }

    private sealed class Silence : IPcmEndpoint
    {
        public int SampleRate => 8000;

        public bool Read(Span<short> frame) => false;

        public void Write(ReadOnlySpan<short> frame)
        {
        }
    }
}
