using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>Calls with keys in their descriptions (RFC 4568), from the first message to the last: nothing ever goes out in the clear.</summary>
[SingleThreaded]
public sealed class SecureCallTests
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

    [Test]
    public void IncomingCall_WithASecureProfile([Values("AEAD_AES_256_GCM", "AEAD_AES_128_GCM", Cm80, "AES_CM_128_HMAC_SHA1_32")] string suite)
    {
        Begin();
        var (_, ok) = Call(_audio.Sdp("RTP/SAVP", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:AAAA", _audio.NewLine(7, suite)));
        var line = _audio.Open(ok, 7);
        _audio.Talk(1, SdpText.Rtp(ok));

        Assert.That((SecureAudio.ProfileOf(ok), line.Suite), Is.EqualTo(("RTP/SAVP", suite)));
        Assert.That(_audio.Payloads, Has.Count.InRange(45, 55));
        Assert.That(_audio.Strange, Is.Empty, "0 plaintext packets after a secure answer");
        var expected = new CallEncryption(MediaKeyExchange.Sdes, suite);
        var figures = _dialogs.Call.GetStatistics()!;
        Assert.That((figures.Encryption, figures.PacketsReceived), Is.EqualTo((expected, 50)));
        Assert.That(_dialogs.Host.Events.OfType<CallEvent.Answered>().Single().Encryption, Is.EqualTo(expected));
        Assert.That(_dialogs.Host.Invited.Single().OffersEncryption, Is.True);
        Assert.That(_dialogs.Call.Explain().Any(n => n.Text.Contains(suite, StringComparison.Ordinal)), Is.True);
        _dialogs.World.Complete(_dialogs.Call.HangUpAsync());
        Assert.That(_dialogs.Host.Events.OfType<CallEvent.Ended>().Single().Quality!.Encryption, Is.EqualTo(expected));
    }

    [Test]
    public void IncomingCall_WithKeysInPlainRtp_IsSecure()
    {
        Begin();
        var (_, ok) = Call(_audio.Sdp("RTP/AVP", _audio.NewLine()));
        _audio.Open(ok, 1);
        _audio.Talk(0.5, SdpText.Rtp(ok));

        Assert.That(SecureAudio.ProfileOf(ok), Is.EqualTo("RTP/AVP"));
        Assert.That((_audio.Payloads.Count > 20, _audio.Strange.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void PlainPackets_OfASecureCall_AreNotHeard()
    {
        Begin();
        var (_, ok) = Call(_audio.Sdp("RTP/SAVP", _audio.NewLine()));
        _audio.Open(ok, 1);
        _audio.Talk(1, SdpText.Rtp(ok), isPlain: true);

        Assert.That(_dialogs.Call.GetStatistics()!.PacketsReceived, Is.Zero);
        Assert.That(_audio.Strange, Is.Empty);
    }

    [TestCase(SipTransportProtocol.Udp)]
    [TestCase(SipTransportProtocol.Tcp)]
    public void KeysOverSignallingThatAnybodyReads_AreNotTaken(SipTransportProtocol protocol)
    {
        Begin(protocol: protocol, isSecure: false);
        _dialogs.Dial(_audio.Sdp("RTP/SAVP", _audio.NewLine()));
        var refused = _dialogs.Phone.WaitForResponse("INVITE", 488);
        Assert.That(refused["Warning"], Does.StartWith("302 ").And.Contain("AllowKeysOverPlainSignalling"));
        Assert.That(_dialogs.Host.Invited, Is.Empty);
        Assert.That(_dialogs.Left.Sockets, Is.Zero);

        _dialogs.Phone.Received.Clear();
        _dialogs.Dial(_audio.Sdp("RTP/AVP", _audio.NewLine()));
        var plain = _dialogs.Phone.WaitForResponse("INVITE", 200);
        Assert.That(plain.Body, Does.Not.Contain("a=crypto"), "RFC 8643 §4: then without");
        Assert.That(_dialogs.Call.GetStatistics()!.Encryption, Is.Null);
    }

    [Test]
    public void KeysOverUdp_WhereThatIsAllowed()
    {
        Begin(o => o.Media.AllowKeysOverPlainSignalling = true, SipTransportProtocol.Udp, isSecure: false);
        var (_, ok) = Call(_audio.Sdp("RTP/SAVP", _audio.NewLine()));
        _audio.Open(ok, 1);
        _audio.Talk(0.5, SdpText.Rtp(ok));

        Assert.That((_audio.Payloads.Count > 20, _audio.Strange.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void PlainOffer_WhereEncryptionIsRequired_Is488_WithAWarning_AndNoSocket([Values] bool byDecision, [Values] bool isHostAsked)
    {
        Begin(o => o.Media.Encryption = byDecision ? MediaEncryption.Prefer : MediaEncryption.Require);
        // A host may want more than the server, never less.
        var decided = byDecision ? MediaEncryption.Require : isHostAsked ? MediaEncryption.Off : (MediaEncryption?)null;
        _dialogs.Host.Decide = (invite, _) => ValueTask.FromResult(
            InviteDecision.JoinRoom(invite.To, participant: new ParticipantOptions { Encryption = decided }));
        _dialogs.Dial(_audio.Sdp("RTP/AVP"));
        var refused = _dialogs.Phone.WaitForResponse("INVITE", 488);

        Assert.That(refused["Warning"], Does.StartWith("302 10.0.0.1").And.Contain("encrypted"));
        Assert.That(_dialogs.Left.Sockets, Is.Zero);
        Assert.That(_dialogs.Host.Invited, Has.Count.EqualTo(byDecision ? 1 : 0), "whoever can't be taken is no question");
        Assert.That(_dialogs.Server.FindEndedCalls(new EndedCallFilter()).Calls[0].End!.Cause, Is.EqualTo(CallEndCause.EncryptionFailed));
        Assert.That(Call(_audio.Sdp("RTP/SAVP", _audio.NewLine())).Ok.Status, Is.EqualTo(200));
    }

    [Test]
    public void CallThatTheHostWantsPlain_IsPlain()
    {
        Begin();
        _dialogs.Host.Decide = (invite, _) => ValueTask.FromResult(
            InviteDecision.JoinRoom(invite.To, participant: new ParticipantOptions { Encryption = MediaEncryption.Off }));
        var (_, ok) = Call(_audio.Sdp("RTP/AVP", _audio.NewLine()));

        Assert.That(ok.Body, Does.Not.Contain("a=crypto"));
    }

    [Test]
    public void InviteWithoutOffer_IsOfferedKeys_AndTheAckAnswers([Values] bool isSecure)
    {
        Begin(o => o.Media.Encryption = isSecure ? MediaEncryption.Require : MediaEncryption.Prefer);
        var invite = DialWithoutOffer();
        var ok = _dialogs.Phone.WaitForResponse("INVITE", 200);
        Assert.That(SecureAudio.ProfileOf(ok), Is.EqualTo(isSecure ? "RTP/SAVP" : "RTP/AVP"));
        Assert.That(SecureAudio.LinesOf(ok), Has.Count.EqualTo(4));
        _audio.Open(ok, 3);
        PhoneDialog.OfCaller(_dialogs.Phone, invite, ok)
            .Ack(invite, ok, _audio.Sdp(SecureAudio.ProfileOf(ok), _audio.NewLine(3)));
        _dialogs.Advance(0.1);
        _audio.Talk(0.5, SdpText.Rtp(ok));

        Assert.That((_audio.Payloads.Count > 20, _audio.Strange.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void AckThatAnswersWithoutKeys_WhereTheyAreRequired_EndsTheCall()
    {
        Begin(o => o.Media.Encryption = MediaEncryption.Require);
        var invite = DialWithoutOffer();
        var ok = _dialogs.Phone.WaitForResponse("INVITE", 200);
        PhoneDialog.OfCaller(_dialogs.Phone, invite, ok).Ack(invite, ok, _audio.Sdp("RTP/AVP"));
        var bye = _dialogs.Phone.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
        _dialogs.Phone.Respond(bye, 200, "OK");
        _audio.Drain();

        Assert.That(bye["Reason"], Does.Contain("cause=488"));
        Assert.That((_dialogs.Cause, _audio.Strange.Count), Is.EqualTo((CallEndCause.EncryptionFailed, 0)));
    }

    [Test]
    public void EarlyMedia_IsSecureToo()
    {
        Begin();
        _dialogs.Host.Decide = (invite, _) => ValueTask.FromResult(InviteDecision.WaitForOthers(invite.To, earlyMedia: true));
        var invite = _dialogs.Dial(_audio.Sdp("RTP/SAVP", _audio.NewLine()));
        var ringing = _dialogs.Phone.WaitForResponse("INVITE", 183);
        _audio.Open(ringing, 1);
        _audio.Talk(0.5, SdpText.Rtp(ringing));
        Assert.That(_dialogs.Call.Info.RoomId, Is.EqualTo("room1"));
        _dialogs.World.Complete(_dialogs.Call.AnswerAsync());
        var ok = _dialogs.Phone.WaitForResponse("INVITE", 200);
        _dialogs.Phone.Ack(invite, ok);
        _audio.Talk(0.5, SdpText.Rtp(ok));

        Assert.That(SecureAudio.LinesOf(ok).Select(l => l.ToValue()), Is.EqualTo(SecureAudio.LinesOf(ringing).Select(l => l.ToValue())));
        Assert.That((_audio.Payloads.Count > 45, _audio.Strange.Count), Is.EqualTo((true, 0)));
    }

    private void Begin(Action<SipServerOptions>? configure = null, SipTransportProtocol protocol = SipTransportProtocol.Tcp, bool isSecure = true)
    {
        _dialogs = new DialogWorld(configure, protocol);
        _dialogs.World.Network.IsSecure = isSecure;
        _audio = new SecureAudio(_dialogs.World);
        _dialogs.Sockets = 2;
    }

    private (SipText Invite, SipText Ok) Call(string sdp)
    {
        _dialogs.Phone.Received.Clear();
        var invite = _dialogs.Dial(sdp);
        var ok = _dialogs.Phone.WaitForResponse("INVITE", 200);
        _dialogs.Phone.Ack(invite, ok);
        _dialogs.Advance(0.05);
        return (invite, ok);
    }

    private SipText DialWithoutOffer()
    {
        var text = _dialogs.Phone.Request("INVITE", "open-house", "late", "", _dialogs.Phone.Contact());
        _dialogs.Phone.Send(text);
        return new SipText(text);
    }
}
