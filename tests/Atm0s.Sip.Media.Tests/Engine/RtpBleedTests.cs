using System.Net;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>Strangers get no audio of a call, and put none into it, whatever they send and when.</summary>
public sealed class RtpBleedTests
{
    private MediaWorld _world = null!;
    private TestPhone _other = null!;
    private ToneEndpoint _listener = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new MediaWorld(TimeSpan.Zero);
        _other = _world.AddPhone();
        _other.IsSpeaking = true;
        _listener = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(_listener);
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    /// <summary>Before the phone's first packet, in the call, after its silence, on hold and on resume.</summary>
    [Test]
    public void StrangerOnAnotherHost_GetsNothing_AndThePhoneAll([Values] bool proxy, [Values] bool isPrivate)
    {
        var stranger = new Stranger(_world.Network, "10.9.9.9", 4000);
        var phone = AddPhone(proxy, isPrivate);
        Spray(stranger, phone, 0.9);
        phone.IsSpeaking = true;
        Spray(stranger, phone, 1);
        phone.IsSpeaking = false;
        Spray(stranger, phone, 20);
        phone.Update(p => p with { Send = false, IsOnHold = true });
        Spray(stranger, phone, 20);
        phone.Update(p => p with { Send = true, IsOnHold = false });
        Spray(stranger, phone, 20);
        phone.IsSpeaking = true;
        var before = phone.Rtp.Count;
        Spray(stranger, phone, 2);
        Assert.That(stranger.Received, Is.Zero);
        Assert.That(phone.Rtp, Has.Count.EqualTo(before + 100));
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(150).Within(1), "none of the stranger's");
        stranger.Dispose();
    }

    [Test]
    public void StrangerBehindTheSameNat_DoesNotTakeASilentCall([Values] bool proxy)
    {
        var phone = AddPhone(proxy, isPrivate: true);
        var stranger = new Stranger(_world.Network, phone.Address.Address.ToString(), 5555);
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.IsSpeaking = false;
        var received = phone.Leg.GetStatistics().PacketsReceived;
        Spray(stranger, phone, 30);
        Assert.That(stranger.Received, Is.Zero);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received));
        Assert.That(Injected(20), Is.LessThan(-60), "dBov of the stranger's tone");
        stranger.Dispose();
    }

    [Test]
    public void StrangerWhoKnowsTheStream_ButSpeaksWhileThePhoneDoes_IsNotDecoded()
    {
        var phone = AddPhone(proxy: false, isPrivate: true);
        var stranger = new Stranger(_world.Network, phone.Address.Address.ToString(), 5555) { Ssrc = phone.Ssrc };
        phone.IsSpeaking = true;
        _world.Run(0.5);
        stranger.Sequence = (ushort)(phone.Sequence + 1);
        Spray(stranger, phone, 10);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(phone.Sequence).Within(1));
        Assert.That(stranger.Received, Is.Zero);
        stranger.Dispose();
    }

    [Test]
    public void NatThatBindsAnew_IsFollowedWithinTwoSeconds()
    {
        var phone = AddPhone(proxy: false, isPrivate: true);
        phone.IsSpeaking = true;
        _world.Run(2);
        phone.IsSpeaking = false;
        var anew = new Stranger(_world.Network, phone.Address.Address.ToString(), 5555) { Ssrc = phone.Ssrc };
        anew.Sequence = (ushort)(phone.Sequence + 3);
        Spray(anew, phone, 2);
        Assert.That(anew.Received, Is.GreaterThan(40));
        anew.Dispose();
    }

    [Test]
    public void PhoneBehindANatBehindAProxy_IsHeardAfterASecond()
    {
        var phone = AddPhone(proxy: true, isPrivate: true);
        var nat = new Stranger(_world.Network, "203.0.113.7", 31000);
        Spray(nat, phone, 3);
        Assert.That(nat.Received, Is.EqualTo(100).Within(3));
        nat.Dispose();
    }

    [Test]
    public void WhatWaitsBehindThePhonesFirstPacket_IsNotThePhones()
    {
        var phone = AddPhone(proxy: false, isPrivate: true);
        var stranger = new Stranger(_world.Network, "10.9.9.9", 4000) { Ssrc = phone.Ssrc, Sequence = 1 };
        phone.Say();
        for (var i = 0; i < 250; i++)
        {
            if (i % 5 == 0)
                stranger.PressKey(phone.Leg);
            else
                stranger.Say(phone.Leg);
        }

        _world.Run(2);
        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
        Assert.That(phone.Leg.GetStatistics(), Has.Property("PacketsReceived").EqualTo(1).And.Property("PacketsRefused").EqualTo(250));
        Assert.That(Injected(1.9), Is.LessThan(-60));
        stranger.Dispose();
    }

    /// <summary>The call before on the same ports: its phone does not know yet that it has ended.</summary>
    [Test]
    public void StreamOfTheCallBefore_IsNotHeard()
    {
        using var world = new MediaWorld(TimeSpan.Zero, ports: 2);
        var first = world.AddPhone();
        first.IsSpeaking = true;
        world.Run(1);
        var port = first.Leg.LocalEndPoint.Port;
        first.Leg.Close();
        world.Run(0.02);

        var second = new TestPhone(world, first.Address.Address, 4600);
        Assert.That(second.Leg.LocalEndPoint.Port, Is.EqualTo(port));
        second.Start(null);
        world.Run(3);
        Assert.That(second.Leg.GetStatistics().PacketsReceived, Is.Zero, "the first phone has sent to it for three seconds");
        Assert.That(second.Told, Is.Empty);
        second.Ssrc = 8;
        second.Say();
        world.Run(0.02);
        Assert.That(second.Told, Is.EqualTo(new[] { $"latched {second.Address}" }));
        Assert.That(second.Leg.GetStatistics().PacketsReceived, Is.EqualTo(1));
        second.Dispose();
    }

    private TestPhone AddPhone(bool proxy, bool isPrivate) => _world.AddPhone(
        p => p with
        {
            SignallingAddress = proxy ? null : p.SignallingAddress,
            ReceiveEvents = [new RtpEventFormat(101, 8000)],
        },
        isPrivate ? null : "198.51.100.20");

    // Level of what a stranger says, as the room has heard it in the last seconds.
    private double Injected(double seconds) => _listener.Recording.End(TimeSpan.FromSeconds(seconds)).Measure(1000).Levels.Values.Single();

    private void Spray(Stranger stranger, TestPhone phone, double seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            stranger.Say(phone.Leg);
            _world.Run(0.02);
        }
    }
}
