using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>Calls that we make: what is offered where, and what becomes of each answer (RFC 4568 §5.1, RFC 8643 §3).</summary>
[SingleThreaded]
public sealed class SecureRingTests
{
    private const string Cm80 = "AES_CM_128_HMAC_SHA1_80";

    private DialogWorld _dialogs = null!;
    private SecureAudio _audio = null!;

    [TearDown]
    public async Task TearDown()
    {
        _audio.Dispose();
        await _dialogs.DisposeAsync();
    }

    [TestCase(true, MediaEncryption.Prefer, "RTP/AVP", 4)]
    [TestCase(true, MediaEncryption.Require, "RTP/SAVP", 4)]
    [TestCase(true, MediaEncryption.Off, "RTP/AVP", 0)]
    [TestCase(false, MediaEncryption.Prefer, "RTP/AVP", 0)]
    public void Offer_IsAsTheRuleAndTheWaySay(bool isSecure, MediaEncryption policy, string profile, int lines)
    {
        Begin(o => o.Media.Encryption = policy, isSecure: isSecure);
        var invite = _dialogs.Ring();

        Assert.That((SecureAudio.ProfileOf(invite), SecureAudio.LinesOf(invite).Count), Is.EqualTo((profile, lines)));
    }

    [Test]
    public void Offer_OfOneCall_MayBeStricter_AndItsSuitesThoseOfTheOptions()
    {
        Begin(o =>
        {
            o.Media.Encryption = MediaEncryption.Off;
            o.Media.SrtpSuites.Clear();
            o.Media.SrtpSuites.Add(Cm80);
        });
        var invite = _dialogs.Ring(Requiring);

        Assert.That(SecureAudio.ProfileOf(invite), Is.EqualTo("RTP/SAVP"));
        Assert.That(SecureAudio.LinesOf(invite).Single().Suite, Is.EqualTo(Cm80));
    }

    [Test]
    public void CallThatMustBeSecure_OverAWayForNoKeys_Fails_AndSendsNothing()
    {
        Begin(protocol: SipTransportProtocol.Udp, isSecure: false);
        Assert.That(_dialogs.Phone.Register().Status, Is.EqualTo(200));
        _dialogs.Phone.Received.Clear();
        var session = _dialogs.Server.FindRegistrations("bob")[0].SessionId;
        var call = _dialogs.World.Await(_dialogs.Server.CallClientAsync("room1", session, "1001", Requiring).AsTask());
        var outcome = _dialogs.World.Await(call.Answered);

        Assert.That((outcome.IsAnswered, outcome.Cause, outcome.StatusCode), Is.EqualTo((false, CallEndCause.EncryptionFailed, 488)));
        Assert.That(_dialogs.Phone.Received, Is.Empty);
        Assert.That(_dialogs.Left.Sockets, Is.Zero);
    }

    [Test]
    public void AnswerWithAKey_IsSecure([Values] bool isRequired)
    {
        Begin();
        var invite = _dialogs.Ring(isRequired ? Requiring : null);
        _audio.Open(invite, 2);
        Answer(invite, _audio.Sdp(SecureAudio.ProfileOf(invite), _audio.NewLine(2, "AEAD_AES_128_GCM")));
        _audio.Talk(1, SdpText.Rtp(invite));

        Assert.That(_audio.Payloads, Has.Count.InRange(45, 55));
        Assert.That(_audio.Strange, Is.Empty);
        Assert.That(
            _dialogs.Call.GetStatistics()!.Encryption, Is.EqualTo(new CallEncryption(MediaKeyExchange.Sdes, "AEAD_AES_128_GCM")));
    }

    [Test]
    public void AnswerWithoutAKey_WhereItIsPreferred_IsPlain()
    {
        Begin();
        var invite = _dialogs.Ring();
        Answer(invite, _audio.Sdp("RTP/AVP"));
        _audio.Talk(0.5, SdpText.Rtp(invite), isPlain: true);

        Assert.That((_audio.Strange.Count > 20, _dialogs.Call.GetStatistics()!.Encryption), Is.EqualTo((true, (CallEncryption?)null)));
    }

    [TestCase("RTP/AVP")]
    [TestCase("RTP/SAVP")]
    public void AnswerWithoutAKey_WhereItIsRequired_EndsTheCall_AndNothingIsSent(string profile)
    {
        Begin();
        var invite = _dialogs.Ring(Requiring);
        _dialogs.Phone.Respond(invite, 200, "OK", _audio.Sdp(profile));
        _dialogs.Phone.WaitForRequest("ACK");
        _dialogs.Phone.Respond(_dialogs.Phone.WaitForRequest("BYE"), 200, "OK");
        _dialogs.Advance(0.5);
        _audio.Drain();

        Assert.That((_dialogs.Cause, _audio.Strange.Count), Is.EqualTo((CallEndCause.EncryptionFailed, 0)));
        _dialogs.AssertThatNothingStays();
    }

    [Test]
    public void PhoneThatRefusesPlainRtpWithKeys_IsOfferedSecureRtp()
    {
        Begin();
        var first = _dialogs.Ring();
        _dialogs.Phone.Respond(first, 488, "Not Acceptable Here");
        var second = Next(first);
        Assert.That((SecureAudio.ProfileOf(first), SecureAudio.ProfileOf(second)), Is.EqualTo(("RTP/AVP", "RTP/SAVP")));
        Assert.That(second["Call-ID"], Is.EqualTo(first["Call-ID"]));
        Assert.That(CSeqOf(second), Is.EqualTo(CSeqOf(first) + 1));
        Assert.That(
            SecureAudio.LinesOf(second).Select(l => l.ToValue()), Has.None.AnyOf(SecureAudio.LinesOf(first).Select(l => l.ToValue())));

        _audio.Open(second, 3);
        Answer(second, _audio.Sdp("RTP/SAVP", _audio.NewLine(3)));
        _audio.Talk(0.5, SdpText.Rtp(second));
        Assert.That((_audio.Payloads.Count > 20, _audio.Strange.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void PhoneThatRefusesBoth_IsNotAskedAThirdTime()
    {
        Begin();
        var first = _dialogs.Ring();
        _dialogs.Phone.Respond(first, 488, "Not Acceptable Here");
        _dialogs.Phone.Respond(Next(first), 488, "Not Acceptable Here");
        _dialogs.Advance(5);

        Assert.That((_dialogs.Requests("INVITE"), _dialogs.Cause), Is.EqualTo((2, CallEndCause.MediaNegotiation)));
        _dialogs.AssertThatNothingStays();
    }

    [Test]
    public void ForksWithDifferentKeys_AreEachHeardWithTheirOwn()
    {
        Begin(o => o.Calls.EarlyMedia = true);
        var invite = _dialogs.Ring();
        _audio.Open(invite, 2);
        _audio.Open(invite, 3);
        using var other = new SecureAudio(_dialogs.World, "10.0.2.2:5000");
        other.Open(invite, 2);
        other.Open(invite, 3);
        var (one, two) = (
            _audio.Sdp("RTP/AVP", _audio.NewLine(3, Cm80, 31)), other.Sdp("RTP/AVP", other.NewLine(2, "AEAD_AES_128_GCM", 32)));
        _dialogs.Phone.Respond(invite, 183, "Session Progress", one, tag: "one");
        _audio.Talk(0.3, SdpText.Rtp(invite));
        _dialogs.Phone.Respond(invite, 183, "Session Progress", two, tag: "two");
        other.Talk(0.3, SdpText.Rtp(invite));
        _dialogs.Phone.Respond(invite, 200, "OK", one, tag: "one");
        _dialogs.Phone.WaitForRequest("ACK");
        var before = _dialogs.Call.GetStatistics()!.PacketsReceived;
        _audio.Talk(0.5, SdpText.Rtp(invite));

        Assert.That(_dialogs.Call.GetStatistics()!.PacketsReceived - before, Is.InRange(22, 28));
        Assert.That((_audio.Strange.Count, other.Strange.Count), Is.EqualTo((0, 0)));
        Assert.That((_audio.Payloads.Count > 30, other.Payloads.Count > 5), Is.EqualTo((true, true)));
    }

    [Test]
    public void PhonesThatRingTogether_GetKeysOfTheirOwn()
    {
        Begin();
        var carol = new ScriptedPhone(_dialogs.World, "carol", "10.0.2.3", protocol: SipTransportProtocol.Tcp);
        Assert.That((_dialogs.Phone.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        _dialogs.World.Await(_dialogs.Server.CallGroupAsync("room1", ["bob", "carol"], "1001").AsTask());
        var (bobs, carols) = (_dialogs.Phone.WaitForRequest("INVITE"), carol.WaitForRequest("INVITE"));

        Assert.That(SecureAudio.LinesOf(bobs), Has.Count.EqualTo(4));
        Assert.That(
            SecureAudio.LinesOf(bobs).Select(l => l.ToValue()), Has.None.AnyOf(SecureAudio.LinesOf(carols).Select(l => l.ToValue())));
        _audio.Open(bobs, 3);
        Answer(bobs, _audio.Sdp("RTP/AVP", _audio.NewLine(3)));
        _audio.Talk(0.5, SdpText.Rtp(bobs));
        Assert.That((_audio.Payloads.Count > 20, _audio.Strange.Count), Is.EqualTo((true, 0)));
        Assert.That(_dialogs.Left.Sockets, Is.EqualTo(2), "the ports of who rang in vain are free");
    }

    [Test]
    public void PhoneThatRefuses_GivesItsPortBackAtOnce()
    {
        Begin();
        var carol = new ScriptedPhone(_dialogs.World, "carol", "10.0.2.3", protocol: SipTransportProtocol.Tcp);
        Assert.That((_dialogs.Phone.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        _dialogs.World.Await(_dialogs.Server.CallGroupAsync("room1", ["bob", "carol"], "1001").AsTask());
        var bobs = _dialogs.Phone.WaitForRequest("INVITE");
        carol.Respond(carol.WaitForRequest("INVITE"), 486, "Busy Here");
        _dialogs.Advance(0.1);
        Assert.That(_dialogs.Left.Sockets, Is.EqualTo(2));

        _audio.Open(bobs, 3);
        Answer(bobs, _audio.Sdp("RTP/AVP", _audio.NewLine(3)));
        _audio.Talk(0.5, SdpText.Rtp(bobs));
        Assert.That(_audio.Payloads, Has.Count.GreaterThan(20));
    }

    [Test]
    public void AutomaticGain_ThatIsSetWhileSeveralRing_IsThatOfWhoeverAnswers()
    {
        Begin();
        var carol = new ScriptedPhone(_dialogs.World, "carol", "10.0.2.3", protocol: SipTransportProtocol.Tcp);
        Assert.That((_dialogs.Phone.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        var call = _dialogs.World.Await(_dialogs.Server.CallGroupAsync("room1", ["carol", "bob"], "1001").AsTask());
        var (bobs, _) = (_dialogs.Phone.WaitForRequest("INVITE"), carol.WaitForRequest("INVITE"));
        Assert.That(_dialogs.World.Await(call.SetAutomaticGainAsync()), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_dialogs.World.Await(call.SetAutomaticGainAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));

        _audio.Open(bobs, 3);
        Answer(bobs, _audio.Sdp("RTP/AVP", _audio.NewLine(3)));
        Assert.That(((CallHandle)call).Inner.Audio!.Rtp.HasAutomaticGain, Is.True);
    }

    private static OutgoingCallOptions Requiring =>
        new() { Participant = new ParticipantOptions { Encryption = MediaEncryption.Require } };

    private SipText Next(SipText invite) =>
        _dialogs.Phone.WaitFor(m => !m.IsResponse && m.Method == "INVITE" && CSeqOf(m) > CSeqOf(invite));

    private static int CSeqOf(SipText message) =>
        int.Parse(message["CSeq"].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private void Begin(Action<SipServerOptions>? configure = null, SipTransportProtocol protocol = SipTransportProtocol.Tcp, bool isSecure = true)
    {
        _dialogs = new DialogWorld(configure, protocol);
        _dialogs.World.Network.IsSecure = isSecure;
        _audio = new SecureAudio(_dialogs.World);
        _dialogs.Sockets = 2;
    }

    private void Answer(SipText invite, string sdp)
    {
        _dialogs.Phone.Respond(invite, 200, "OK", sdp);
        _dialogs.Phone.WaitForRequest("ACK");
        _dialogs.Advance(0.05);
        _audio.Drain();
    }
}
