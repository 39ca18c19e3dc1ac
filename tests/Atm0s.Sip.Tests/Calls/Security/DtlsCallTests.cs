using System.Text.RegularExpressions;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>Calls whose keys come from DTLS (RFC 5763): what the descriptions say, and what the leg is told. The handshake is the test's.</summary>
[SingleThreaded]
public sealed class DtlsCallTests
{
    private const string Print = "sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24";
    private const string OtherPrint =
        "sha-256 00:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24";

    private readonly FakeDtls _dtls = new();
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _phone = null!;
    private SecureAudio _audio = null!;

    [SetUp]
    public void SetUp()
    {
        _dtls.Opened.Clear();
        _world = new VirtualWorld { Dtls = _dtls };
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Media.Timeout = TimeSpan.Zero);
        _phone = new ScriptedPhone(_world, "bob", "10.0.2.2");
        _audio = new SecureAudio(_world);
    }

    [TearDown]
    public async Task TearDown()
    {
        _audio.Dispose();
        await _world.DisposeAsync();
    }

    [Test]
    public void Offer_IsAnswered_AndNothingIsSentBeforeThereAreKeys_NorInTheClearAfter()
    {
        var (_, ok) = Call(Sdp());
        Assert.That(ok.Body, Does.Contain("UDP/TLS/RTP/SAVP 8").And.Contain($"a=fingerprint:{_dtls.Fingerprint}").And.Contain("a=setup:passive"));
        Assert.That(_dtls.Opened[0].Parameters.Role, Is.EqualTo(DtlsRole.Server));
        Assert.That(_dtls.Opened[0].Parameters.RemoteFingerprints.Single().ToString(), Is.EqualTo(Print));
        _world.Advance(TimeSpan.FromSeconds(1));
        _audio.Drain();
        Assert.That((_audio.Strange.Count, _audio.Authentic), Is.EqualTo((0, 0)));
        Assert.That(_server.Calls.Single().GetStatistics()!.Encryption, Is.EqualTo(new CallEncryption(MediaKeyExchange.Dtls, "")));

        _audio.Use(FakeDtls.Keys(SrtpSuite.AeadAes128Gcm, 5, 6));
        _dtls.Opened[0].Observer.OnKeys(FakeDtls.Keys(SrtpSuite.AeadAes128Gcm, 5, 6));
        _audio.Talk(1, SdpText.Rtp(ok));
        Assert.That((_audio.Strange.Count, _audio.Payloads.Count > 40), Is.EqualTo((0, true)));
        var figures = _server.Calls.Single().GetStatistics()!;
        Assert.That(figures.Encryption, Is.EqualTo(new CallEncryption(MediaKeyExchange.Dtls, "AEAD_AES_128_GCM")));
        Assert.That(figures.PacketsReceived, Is.GreaterThan(40));
    }

    [Test]
    public void AnotherFingerprint_IsAnotherAssociation_AndTheSame_IsNone()
    {
        var (invite, ok) = Call(Sdp());
        var dialog = PhoneDialog.OfCaller(_phone, invite, ok);
        Assert.That(dialog.Ask("INVITE", Sdp("a=sendonly")).Status, Is.EqualTo(200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_dtls.Opened.Select(o => o.Parameters).Distinct().Count(), Is.EqualTo(1));

        Assert.That(dialog.Ask("INVITE", Sdp(print: OtherPrint)).Status, Is.EqualTo(200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_dtls.Opened[^1].Parameters.RemoteFingerprints.Single().ToString(), Is.EqualTo(OtherPrint), "RFC 8842 §5.3");
    }

    [Test]
    public void OfferWithoutFingerprint_InASecureCall_Is488()
    {
        var (invite, ok) = Call(Sdp());
        var refused = PhoneDialog.OfCaller(_phone, invite, ok).Ask("INVITE", _audio.Sdp("RTP/AVP"));

        Assert.That((refused.Status, _server.Calls.Count), Is.EqualTo((488, 1)));
    }

    [Test]
    public void HandshakeThatFails_EndsTheCall()
    {
        Call(Sdp());
        _dtls.Opened[0].Observer.OnFailed(MediaFailure.FingerprintMismatch);
        var bye = _phone.WaitForRequest("BYE", TimeSpan.FromSeconds(2));
        _phone.Respond(bye, 200, "OK");
        _audio.Drain();

        Assert.That(bye["Reason"], Does.Contain("cause=488"));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.EncryptionFailed));
        Assert.That(_audio.Strange, Is.Empty);
    }

    [Test]
    public void CallThatMustBeSecure_OverUdp_IsOfferedDtls()
    {
        Assert.That(_phone.Register().Status, Is.EqualTo(200));
        var options = new OutgoingCallOptions { Participant = new ParticipantOptions { Encryption = MediaEncryption.Require } };
        var session = _server.FindRegistrations("bob")[0].SessionId;
        _world.Await(_server.CallClientAsync("room1", session, "1001", options).AsTask());
        var invite = _phone.WaitForRequest("INVITE");
        Assert.That(SecureAudio.ProfileOf(invite), Is.EqualTo("UDP/TLS/RTP/SAVP"));
        Assert.That(invite.Body, Does.Contain("a=setup:actpass").And.Not.Contain("a=crypto").And.Not.Contain("a=ice-"));
        _phone.Respond(invite, 200, "OK", Sdp("a=setup:passive").Replace("a=setup:actpass\r\n", "", StringComparison.Ordinal));
        _phone.WaitForRequest("ACK");
        _world.Advance(TimeSpan.FromMilliseconds(100));

        Assert.That(_dtls.Opened.Select(o => o.Parameters.Role), Is.Not.Empty.And.All.EqualTo(DtlsRole.Client));
    }

    [Test]
    public void Browser_IsAnsweredWithIce_WhosePasswordIsKeptNowhere()
    {
        var (_, ok) = Call(
            "v=0\r\no=- 46 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\n"
            + "a=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:4ZcD\r\na=ice-pwd:2/1muCWoOi3uLifh0NuRHlZn\r\na=ice-options:trickle\r\n"
            + $"a=fingerprint:{Print}\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=msid:- x\r\na=ssrc:1 cname:x\r\n"
            + "a=candidate:1 1 udp 2130706431 10.0.2.1 50000 typ host\r\na=end-of-candidates\r\n");
        var rtp = SdpText.Rtp(ok);

        Assert.That(ok.Body, Does.Contain("a=group:BUNDLE 0").And.Contain("a=ice-lite").And.Contain("a=mid:0").And.Contain("a=rtcp-mux"));
        Assert.That(ok.Body, Does.Contain($"a=candidate:1 1 udp 2130706431 10.0.0.1 {rtp.Port} typ host").And.Contain("a=sendrecv"));
        // RFC 5576 §4.1, §6.1: the same in all our descriptions of the call.
        var source = Regex.Match(ok.Body, "a=ssrc:[0-9]{1,10} cname:[0-9a-f-]{3,40}\r\n").Value;
        Assert.That(source, Is.Not.Empty);
        _ = _server.Calls.Single().HoldAsync();
        Assert.That(_phone.WaitForRequest("INVITE").Body, Does.Contain(source));
        Assert.That(_server.Calls.Single().Info.RoomId, Is.EqualTo("room1"));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void HandshakeThatFailsWhileOthersRing_EndsNothingButThatTry()
    {
        var (carol, call) = RingBoth();
        var invite = _phone.WaitForRequest("INVITE");
        _phone.Respond(invite, 183, "Session Progress", AnswerSdp());
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _dtls.Opened[0].Observer.OnFailed(MediaFailure.HandshakeTimedOut);
        _phone.Respond(_phone.WaitForRequest("CANCEL"), 200, "OK");
        _phone.Respond(invite, 487, "Request Terminated");
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That((call.State, SignallingWorld.Requests(carol, "CANCEL")), Is.EqualTo((CallState.Ringing, 0)));

        carol.Respond(carol.WaitForRequest("INVITE"), 200, "OK", AnswerSdp("10.0.2.3"));
        carol.WaitForRequest("ACK");
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void HandshakeOfWhoRangInVain_DoesNotConcernTheCall()
    {
        var (carol, call) = RingBoth();
        var invite = _phone.WaitForRequest("INVITE");
        _phone.Respond(invite, 183, "Session Progress", AnswerSdp());
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _phone.Respond(invite, 480, "Temporarily Unavailable");
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _dtls.Opened[0].Observer.OnFailed(MediaFailure.HandshakeTimedOut);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(call.State, Is.EqualTo(CallState.Ringing));

        carol.Respond(carol.WaitForRequest("INVITE"), 200, "OK", AnswerSdp("10.0.2.3"));
        carol.WaitForRequest("ACK");
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        foreach (var (_, observer) in _dtls.Opened.Skip(1))
            observer.OnFailed(MediaFailure.FingerprintMismatch);
        carol.Respond(carol.WaitForRequest("BYE", TimeSpan.FromSeconds(2)), 200, "OK");
        Assert.That(_host.End(CallDirection.Outgoing)!.Cause, Is.EqualTo(CallEndCause.EncryptionFailed), "that of the call does");
    }

    [Test]
    public void HandshakeOfTheOnlyPhone_ThatFailsBeforeItsAnswer_EndsTheCall()
    {
        Assert.That(_phone.Register().Status, Is.EqualTo(200));
        var session = _server.FindRegistrations("bob")[0].SessionId;
        var call = _world.Await(_server.CallClientAsync("room1", session, "1001", Requiring).AsTask());
        var invite = _phone.WaitForRequest("INVITE");
        _phone.Respond(invite, 183, "Session Progress", AnswerSdp());
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _dtls.Opened[0].Observer.OnFailed(MediaFailure.HandshakeTimedOut);
        _phone.Respond(_phone.WaitForRequest("CANCEL"), 200, "OK");
        _phone.Respond(invite, 487, "Request Terminated");

        var outcome = _world.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.EncryptionFailed, 488)));
    }

    private static OutgoingCallOptions Requiring => new()
    {
        EarlyMedia = true,
        Participant = new ParticipantOptions { Encryption = MediaEncryption.Require },
    };

    private (ScriptedPhone Carol, ISipCall Call) RingBoth()
    {
        var carol = new ScriptedPhone(_world, "carol", "10.0.2.3");
        Assert.That((_phone.Register().Status, carol.Register(callId: "carol").Status), Is.EqualTo((200, 200)));
        return (carol, _world.Await(_server.CallGroupAsync("room1", ["bob", "carol"], "1001", Requiring).AsTask()));
    }

    private string AnswerSdp(string host = "10.0.2.2") => Sdp("a=setup:passive")
        .Replace("a=setup:actpass\r\n", "", StringComparison.Ordinal).Replace("10.0.2.2", host, StringComparison.Ordinal);

    private string Sdp(string line = "a=sendrecv", string print = Print) =>
        _audio.Sdp("UDP/TLS/RTP/SAVP", "a=fingerprint:" + print, "a=setup:actpass", line);

    private (SipText Invite, SipText Ok) Call(string sdp)
    {
        var invite = _phone.Invite("room1", "c1", sdp);
        var ok = _phone.WaitForResponse("INVITE", 200);
        _phone.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _phone.Received.Clear();
        return (invite, ok);
    }
}
