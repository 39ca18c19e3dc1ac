using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Silence on hold is no time-out, RTCP is a sign of life, and bindings of NATs live on.</summary>
public sealed class LegHoldTests
{
    // RFC 3550 §6.4.2, §6.5: an empty receiver report and a CNAME.
    private static readonly byte[] ReceiverReport = [
        0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 202, 0, 3, 0, 0, 0, 7, 1, 2, (byte)'m', (byte)'e', 0, 0, 0, 0];

    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld(TimeSpan.FromSeconds(3));

    [TearDown]
    public void TearDown() => _world.Dispose();

    [TestCase(false, true, TestName = "Held by the phone, a=sendonly: we only receive")]
    [TestCase(true, false, TestName = "Held by us: we only send")]
    [TestCase(false, false, TestName = "Inactive")]
    [TestCase(true, true, TestName = "On hold in a way that leaves both directions")]
    public void Hold_IsNoTimeout_AndTheTimeCountsAnewFromTheResume(bool send, bool receive)
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.IsSpeaking = false;
        phone.Update(p => p with { IsOnHold = true, Send = send, Receive = receive });
        _world.Run(60);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
        phone.Update(p => p with { IsOnHold = false, Send = true, Receive = true });
        _world.Run(2.9);
        Assert.That(phone.Told, Has.Count.EqualTo(1), "the time counts from the resume");
        _world.Run(0.3);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}", "timeout" }));
    }

    [Test]
    public void PhoneBehindAProxyAndANat_IsLearntAfterALongRing()
    {
        var phone = _world.AddPhone(
            p => p with { SignallingAddress = null, Remote = System.Net.IPEndPoint.Parse("192.168.7.7:4000"), IsEarly = true });
        _world.Run(15);
        phone.Update(p => p with { IsEarly = false });
        phone.IsSpeaking = true;
        _world.Run(2);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
    }

    [Test]
    public void PacketsThatCameWhileNobodyWasToHearThem_AreNotLost()
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.Update(p => p with { IsOnHold = true, Send = false, Receive = false });
        _world.Run(10);
        phone.Lose();
        _world.Run(1);
        phone.Update(p => p with { IsOnHold = false, Send = true, Receive = true });
        _world.Run(10);
        Assert.That(phone.Leg.GetStatistics().PacketsLost, Is.EqualTo(1));
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.InRange(545, 552), "what was refused is not counted as heard");
        Assert.That(phone.Leg.GetStatistics().Mos, Is.GreaterThan(4));
    }

    [Test]
    public void NotReceiving_IsNoTimeout()
    {
        var phone = _world.AddPhone(p => p with { Receive = false });
        _world.Run(30);
        Assert.That(phone.Told, Is.Empty);
    }

    [Test]
    public void ReportsOfThePeer_AreASignOfLife([Values] bool onePort)
    {
        var phone = _world.AddPhone(p => onePort ? p with { RemoteRtcp = p.Remote } : p);
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.IsSpeaking = false;
        for (var i = 0; i < 10; i++)
        {
            if (onePort)
                phone.Send(ReceiverReport);
            else
                phone.SendRtcp(ReceiverReport);
            _world.Run(2);
        }

        Assert.That(phone.Told, Has.Count.EqualTo(1));
        _world.Run(2);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}", "timeout" }), "without them it is silent");
    }

    [Test]
    public void JunkAtTheRtcpPort_IsNoSignOfLife()
    {
        var phone = _world.AddPhone();
        for (var i = 0; i < 5; i++)
        {
            phone.SendRtcp([1, 2, 3, 4, 5, 6, 7, 8, 9]);
            _world.Run(1);
        }

        Assert.That(phone.Told, Is.EqualTo(new[] { "timeout" }));
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.EqualTo(5));
    }

    [Test]
    public void OnHold_EmptyDatagramsKeepTheBinding_AndNoRtpIsSent()
    {
        var phone = _world.AddPhone();
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.IsSpeaking = false;
        phone.Update(p => p with { IsOnHold = true, Send = false, Receive = false });
        _world.Run(0.1);
        phone.Rtp.Clear();
        phone.Rtcp.Clear();
        _world.Run(60);

        // RFC 6263 §7: one at least each Tr, 15 s.
        Assert.That(phone.Rtp, Has.Count.InRange(3, 4));
        Assert.That(phone.Rtp, Has.All.Empty);
        Assert.That(phone.Rtcp, Has.Count.InRange(8, 24), "RTCP goes on (RFC 3264 §5.1)");
    }

    [Test]
    public void WhileAudioIsSent_NoEmptyDatagrams()
    {
        var phone = _world.AddPhone();
        _world.Run(40);
        Assert.That(phone.Rtp, Has.None.Empty);
    }

    [Test]
    public void EmptyDatagram_IsIgnored()
    {
        var phone = _world.AddPhone();
        phone.Send([]);
        phone.IsSpeaking = true;
        _world.Run(0.2);
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.Zero);
    }
}
