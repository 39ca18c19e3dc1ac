using Atm0s.Sip.Defence;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>One user has his share of the host, and nobody can use up that of another.</summary>
[SingleThreaded]
public sealed class UserLimitTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("REGISTER")]
    [TestCase("INVITE")]
    public void UserWhoSendsTooMuch_Is503_WithoutTheHost(string method)
    {
        Start();
        for (var i = 0; i < 8; i++)
            Send(_all.Alice, method, "c" + i);
        Assert.That(_all.Host.Asked, Has.Count.EqualTo(5));
        var refused = _all.Alice.Received.Where(m => m.Status == 503).ToList();
        Assert.That(refused, Has.Count.EqualTo(3));
        Assert.That(refused.Select(m => m["Retry-After"]), Has.All.Not.Empty);

        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.1", 5070);
        Assert.That(bob.Register().Status, Is.EqualTo(200), "another user at the same address");
        _all.World.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_all.Alice.Register(callId: "later").Status, Is.EqualTo(200));
    }

    [Test]
    public void WhoGuessesHisPassword_DoesNotUseUpHisShare()
    {
        Start();
        var mallory = new ScriptedPhone(_all.World, "alice", "10.66.6.9");
        for (var i = 0; i < 15; i++)
            mallory.Register(password: "guess", callId: "g" + i);
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
    }

    [Test]
    public void UsersThatAreForgotten_AreThoseWithAFullShare()
    {
        var buckets = new UserBuckets(perSecond: 1, burst: 2);
        buckets.Take("busy", TimeSpan.FromSeconds(100));
        buckets.Take("busy", TimeSpan.FromSeconds(100));
        for (var i = 0; i < 200_000; i++)
            buckets.Take("u" + i, TimeSpan.FromSeconds(i / 2000.0));
        Assert.That(buckets.Count, Is.LessThanOrEqualTo(65_536));
        Assert.That(buckets.IsEmpty("busy", TimeSpan.FromSeconds(100)), Is.True);
        Assert.That(buckets.IsEmpty("busy", TimeSpan.FromSeconds(101)), Is.False);
    }

    private void Start() => _all = new SignallingWorld(options =>
    {
        options.Defence.MaxBurstPerUser = 5;
        options.Defence.MaxRequestsPerSecondPerUser = 1;
    });

    private void Send(ScriptedPhone phone, string method, string callId)
    {
        var to = method == "INVITE" ? "room1" : null;
        var (uri, body) = to is null ? ("sip:test.local", "") : ($"sip:{to}@test.local", phone.Sdp);
        phone.Send(phone.Request(method, to, callId, body, phone.Contact()));
        var challenge = phone.WaitFor(m => m.Status == 401 && m["Call-ID"] == callId);
        phone.Send(phone.Request(method, to, callId, body, phone.Contact() + phone.Authorize(challenge, method, uri)));
        phone.WaitFor(m => m.IsResponse && m["Call-ID"] == callId && m.Status is >= 200 and not 401);
    }
}
