using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls.Digits;

/// <summary>Keys that go on to the others of the room: a menu behind a trunk can be used.</summary>
[SingleThreaded]
public sealed class DigitRelayTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _bob = null!;
    private RtpPeer _bobsAudio = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase(DigitRelay.WhenTwo, true)]
    [TestCase(DigitRelay.Always, true)]
    [TestCase(DigitRelay.Never, false)]
    public void KeyOfOneOfTwo_GoesOnAsTheOptionSays(DigitRelay relay, bool goesOn)
    {
        Begin(relay);
        var (invite, ok) = Call(_all.Alice, "c1");
        Call(_bob, "c2");
        Press(invite, ok);

        Assert.That(Heard(), Is.EqualTo(goesOn ? new[] { 5 } : []));
    }

    [TestCase(DigitRelay.WhenTwo, false)]
    [TestCase(DigitRelay.Always, true)]
    public void KeyAmongThree_GoesOnOnlyWhereItAlwaysDoes(DigitRelay relay, bool goesOn)
    {
        Begin(relay);
        var (invite, ok) = Call(_all.Alice, "c1");
        Call(_bob, "c2");
        Call(new ScriptedPhone(_all.World, "carol", "10.0.2.3"), "c3");
        Press(invite, ok);

        Assert.That(Heard(), Is.EqualTo(goesOn ? new[] { 5 } : []));
    }

    [Test]
    public void KeyForAPhoneWithoutEvents_GoesOnAsInfo()
    {
        Begin(DigitRelay.WhenTwo);
        var (invite, ok) = Call(_all.Alice, "c1");
        Call(_bob, "c2", SdpText.Of("8", "IP4 10.0.2.2"));
        Press(invite, ok);

        Assert.That(_bob.WaitForRequest("INFO", TimeSpan.FromSeconds(1)).Body, Does.Contain("Signal=5"));
        Assert.That(SignallingWorld.Requests(_all.Alice, "INFO"), Is.Zero, "nobody hears his own key");
    }

    private void Begin(DigitRelay relay)
    {
        _all = new SignallingWorld(options => options.Calls.RelayDigits = relay);
        _bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        _bobsAudio = new RtpPeer(_all.World, "10.0.2.2:4000");
    }

    private (SipText Invite, SipText Ok) Call(ScriptedPhone phone, string callId, string? sdp = null)
    {
        var invite = phone.Invite("room1", callId, sdp);
        var ok = phone.WaitForResponse("INVITE", 200);
        phone.Ack(invite, ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return (invite, ok);
    }

    private void Press(SipText invite, SipText ok)
    {
        _all.Alice.Send(DialogText.Of(_all.Alice, invite, ok, "INFO", 50, "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"));
        _all.Alice.WaitForResponse("INFO", 200);
        _bobsAudio.Listen(TimeSpan.FromMilliseconds(500));
    }

    private int[] Heard() => [.. _bobsAudio.Rtp.Where(p => (p[1] & 0x7F) == 101).Select(p => (int)p[12]).Distinct()];
}
