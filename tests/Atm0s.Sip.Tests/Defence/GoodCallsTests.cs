using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>
/// Twenty good calls beside each attack: none of them hears of it, all end as their phones want, and their users register and call as
/// before.
/// </summary>
[SingleThreaded]
public sealed class GoodCallsTests
{
    private const int Good = 20;

    private readonly List<(ScriptedPhone Phone, SipText Invite, SipText Ok)> _calls = [];
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(static options =>
        {
            options.Media.Timeout = TimeSpan.Zero;
            options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint);
        });
        _calls.Clear();
        for (var i = 0; i < Good; i++)
        {
            var phone = new ScriptedPhone(_all.World, "good" + i, $"10.0.3.{i + 1}");
            Assert.That(phone.Register(callId: "r" + i).Status, Is.EqualTo(200));
            var invite = phone.Invite("room" + (i / 2), "good" + i);
            var ok = phone.WaitForResponse("INVITE", 200);
            phone.Ack(invite, ok);
            phone.Received.Clear();
            _calls.Add((phone, invite, ok));
        }
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void S2_TransactionsThatNobodyEnds() => Attack(i =>
    {
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "s2-" + i);
        _all.Stranger.Send(_all.Stranger.Request("OPTIONS", "x", "s2o-" + i));
    });

    [Test]
    public void S5_HalfMessagesOverConnections() => Attack(
        i => new ScriptedPhone(_all.World, "x", $"10.67.{i / 250}.{(i % 250) + 1}", protocol: SipTransportProtocol.Tcp)
            .Send("INVITE sip:room1@test.local SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK" + i),
        rounds: 300);

    [Test]
    public void S10_RequestsThatComeBack() => Attack(i => _all.Stranger.Send(
        _all.Stranger.Request("INVITE", "open-1", "loop", _all.Stranger.Sdp, _all.Stranger.Contact(), cseq: 1)));

    [Test]
    public void I1_NamesThatAreTried() => Attack(i => _all.Stranger.Send(
        _all.Stranger.Request("REGISTER", null, "i1-" + i, extra: _all.Stranger.Contact())
            .Replace("sip:stranger@", $"sip:{(i % 2 == 0 ? "good" : "none")}{i % Good}@", StringComparison.Ordinal)));

    [Test]
    public void I2_PasswordsThatAreGuessed() => Attack(
        i => new ScriptedPhone(_all.World, "good" + (i % Good), $"10.68.{i / 250}.{(i % 250) + 1}").Register(password: "guess" + i, callId: "i2-" + i),
        rounds: 400);

    [Test]
    public void I3_CredentialsThatAreReplayed()
    {
        var victim = _calls[0].Phone;
        victim.Send(victim.Request("REGISTER", null, "i3", extra: victim.Contact()));
        var challenge = victim.WaitForResponse("REGISTER", 401);
        var seen = victim.Contact() + victim.Authorize(challenge, "REGISTER", "sip:test.local");
        victim.Send(victim.Request("REGISTER", null, "i3", extra: seen));
        victim.WaitForResponse("REGISTER", 200);
        victim.Received.Clear();
        var asked = _all.Host.Registrations.Count;
        var thief = new ScriptedPhone(_all.World, "good0", "10.66.6.7");
        Attack(i => thief.Send(thief.Request("REGISTER", null, "i3-" + i, extra: seen)));
        Assert.That(thief.Received, Has.None.Matches<SipText>(m => m.Status == 200));
        Assert.That(_all.Host.Registrations.Skip(asked), Has.None.Contains("unregistered"));
    }

    [Test]
    public void I4_CredentialsThatCanNotBeRead()
    {
        var random = new Random(4);
        _all.Stranger.Send(_all.Stranger.Request("REGISTER", null, "i4", extra: _all.Stranger.Contact()));
        var right = _all.Stranger.Authorize(_all.Stranger.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        Attack(i =>
        {
            var text = right.TrimEnd().ToCharArray();
            for (var change = 0; change < 8; change++)
                text[random.Next("Authorization: ".Length, text.Length)] = (char)random.Next(' ', 127);
            var credentials = string.Concat(Enumerable.Repeat(new string(text) + "\r\n", i % 40));
            _all.Stranger.Send(_all.Stranger.Request("REGISTER", null, "i4-" + i, extra: _all.Stranger.Contact() + credentials));
        });
    }

    [Test]
    public void I7_ContactsThatNameVictims()
    {
        string[] victims = ["127.0.0.1", "10.0.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0", "169.254.1.1", "10.0.3.1", "a.invalid"];
        var mallory = new ScriptedPhone(_all.World, "mallory", "10.66.6.8");
        Attack(
            i => mallory.Register(
                contact: $"Contact: <sip:x{i}@{victims[i % victims.Length]}:{5060 + (i % 3)}>\r\n", callId: "i7-" + i),
            rounds: 200);
        Assert.That(_all.Server.FindRegistrations("mallory"), Has.Count.LessThanOrEqualTo(10), "as many as one user may have");
    }

    [Test]
    public void I8_DialogsThatAreGuessed()
    {
        string[] methods = ["BYE", "INFO", "UPDATE", "INVITE", "REFER", "CANCEL"];
        Attack(i =>
        {
            var (phone, invite, _) = _calls[i % Good];
            var request = _all.Stranger.Request(methods[i % methods.Length], "room1", invite["Call-ID"], extra: phone.Contact(), cseq: 99);
            _all.Stranger.Send(request.Replace(
                "To: <sip:room1@test.local>", $"To: <sip:room1@test.local>;tag=guess{i}", StringComparison.Ordinal));
        });
        Assert.That(_all.Stranger.Received.Select(m => m.Status).Distinct(), Is.EquivalentTo(new[] { 481 }));
    }

    private void Attack(Action<int> one, int rounds = 2_000)
    {
        for (var i = 0; i < rounds; i++)
        {
            one(i);
            if (i % 50 == 0)
                _all.World.Advance(TimeSpan.FromMilliseconds(20));
        }

        foreach (var (phone, invite, ok) in _calls)
        {
            Assert.That(phone.Received.Where(m => !m.IsResponse), Is.Empty, "it hears nothing of it");
            Assert.That(phone.Register(callId: "again-" + phone.User).Status, Is.EqualTo(200));
            phone.Received.Clear();
            phone.InDialog("BYE", invite, ok);
            phone.WaitForResponse("BYE", 200, TimeSpan.FromMilliseconds(500));
            phone.Received.Clear();
            phone.Invite("room1", "next-" + phone.User);
            phone.WaitForResponse("INVITE", 200, TimeSpan.FromMilliseconds(500));
        }

        var ends = _all.Host.Events.OfType<CallEvent.Ended>().Where(e => e.Call.SipCallId.StartsWith("good", StringComparison.Ordinal));
        Assert.That(ends.Select(e => e.Cause), Is.EqualTo(Enumerable.Repeat(CallEndCause.RemoteHangup, Good)));
    }
}
