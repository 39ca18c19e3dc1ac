using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>Offers within a secure call (RFC 4568 §7.1.4): what is secure stays so, and nothing of it is lost.</summary>
[SingleThreaded]
public sealed class SecureReOfferTests
{
    private DialogWorld _dialogs = null!;
    private SecureAudio _audio = null!;
    private PhoneDialog _call = null!;
    private SipText _ok = null!;
    private string _line = "";

    [SetUp]
    public void SetUp()
    {
        _dialogs = new DialogWorld(o => o.Calls.WireTrace = true);
        _dialogs.World.Network.IsSecure = true;
        _audio = new SecureAudio(_dialogs.World);
        _dialogs.Sockets = 2;
        _line = _audio.NewLine();
        var invite = _dialogs.Dial(_audio.Sdp("RTP/SAVP", _line));
        _ok = _dialogs.Phone.WaitForResponse("INVITE", 200);
        _call = PhoneDialog.OfCaller(_dialogs.Phone, invite, _ok);
        _call.Ack(invite, _ok);
        _audio.Open(_ok, 1);
        _audio.Talk(0.5, SdpText.Rtp(_ok));
    }

    [TearDown]
    public async Task TearDown()
    {
        _audio.Dispose();
        await _dialogs.DisposeAsync();
    }

    [TestCase("INVITE", "RTP/AVP")]
    [TestCase("UPDATE", "RTP/AVP")]
    [TestCase("INVITE", "RTP/SAVP")]
    public void OfferWithoutKeys_Is488_AndTheCallGoesOnAsItWas(string method, string profile)
    {
        var refused = _call.Ask(method, _audio.Sdp(profile));
        Assert.That((refused.Status, refused["Warning"][..4]), Is.EqualTo((488, "302 ")));
        _audio.Clear();
        var before = _dialogs.Call.GetStatistics()!.PacketsReceived;
        _audio.Talk(1, SdpText.Rtp(_ok));

        Assert.That((_audio.Strange.Count, _audio.Payloads.Count > 45), Is.EqualTo((0, true)));
        Assert.That(_dialogs.Call.GetStatistics()!.PacketsReceived - before, Is.EqualTo(50));
        Assert.That(_dialogs.Call.GetStatistics()!.Encryption, Is.Not.Null);
    }

    [Test]
    public void HoldAndResume_KeepTheKeys_ByThePhone()
    {
        var held = _call.Ask("INVITE", _audio.Sdp("RTP/SAVP", _line, "a=sendonly"));
        var resumed = _call.Ask("INVITE", _audio.Sdp("RTP/SAVP", _line));
        _audio.Talk(1, SdpText.Rtp(resumed));

        Assert.That(KeysOf(held), Is.EqualTo(KeysOf(_ok)));
        Assert.That(KeysOf(resumed), Is.EqualTo(KeysOf(_ok)));
        Assert.That((_audio.Strange.Count, _audio.Payloads.Count > 60), Is.EqualTo((0, true)));
    }

    [Test]
    public void HoldAndResume_KeepTheKeys_ByTheHost()
    {
        var hold = _dialogs.Call.HoldAsync();
        var offer = _dialogs.Phone.WaitForRequest("INVITE");
        Assert.That((SecureAudio.ProfileOf(offer), KeysOf(offer)[0]), Is.EqualTo(("RTP/SAVP", KeysOf(_ok)[0])));
        _dialogs.Phone.Respond(offer, 200, "OK", _audio.Sdp("RTP/SAVP", _line, "a=recvonly"));
        Assert.That(_dialogs.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        _dialogs.Phone.Received.Clear();
        var resume = _dialogs.Call.ResumeAsync();
        var again = _dialogs.Phone.WaitForRequest("INVITE");
        _dialogs.Phone.Respond(again, 200, "OK", _audio.Sdp("RTP/SAVP", _line));
        Assert.That(_dialogs.World.Await(resume), Is.EqualTo(CallCommandResult.Done));
        _audio.Talk(0.5, SdpText.Rtp(_ok));

        Assert.That((_audio.Strange.Count, _audio.Payloads.Count > 45), Is.EqualTo((0, true)));
    }

    [Test]
    public void AnswerToOurOfferWithoutKeys_EndsTheCall_AndNothingGoesOutInTheClear()
    {
        _ = _dialogs.Call.HoldAsync();
        _dialogs.Phone.Respond(_dialogs.Phone.WaitForRequest("INVITE"), 200, "OK", _audio.Sdp("RTP/AVP", "a=recvonly"));
        var bye = _dialogs.Phone.WaitForRequest("BYE");
        _audio.Drain();

        Assert.That(bye["Reason"], Does.Contain("cause=488"));
        Assert.That((_dialogs.Cause, _audio.Strange.Count), Is.EqualTo((CallEndCause.EncryptionFailed, 0)));
    }

    [Test]
    public void NewKeyOfThePhone_TakesOver_WithoutAGap([Values("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM")] string suite)
    {
        // Said before, and still on their way when the offer comes.
        var late = Enumerable.Range(0, 5).Select(_ => _audio.NewPacket()).ToArray();
        var answer = _call.Ask("INVITE", _audio.Sdp("RTP/SAVP", _audio.NewLine(1, suite, 77)));
        _audio.Open(answer, 1);
        Assert.That(KeysOf(answer), Is.Not.EqualTo(KeysOf(_ok)), "to a new key ours is new");
        _dialogs.Advance(0.04);
        var before = _dialogs.Call.GetStatistics()!.PacketsReceived;
        foreach (var packet in late)
            _audio.Send(packet, SdpText.Rtp(_ok));
        _audio.Talk(1, SdpText.Rtp(_ok));

        Assert.That(_dialogs.Call.GetStatistics()!.PacketsReceived - before, Is.EqualTo(55));
        Assert.That(_dialogs.Call.GetStatistics()!.PacketsLost, Is.Zero);
        Assert.That(_audio.Strange, Is.Empty);
    }

    [Test]
    public void OldKey_IsGoodForTwoSecondsMore_AndThenForNothing()
    {
        var late = Enumerable.Range(0, 5).Select(_ => _audio.NewPacket()).ToArray();
        _audio.Open(_call.Ask("INVITE", _audio.Sdp("RTP/SAVP", _audio.NewLine(1, key: 77))), 1);
        _audio.Talk(2.2, SdpText.Rtp(_ok));
        var before = _dialogs.Call.GetStatistics()!.PacketsReceived;
        foreach (var packet in late)
            _audio.Send(packet, SdpText.Rtp(_ok));
        _dialogs.Advance(0.1);

        Assert.That(_dialogs.Call.GetStatistics()!.PacketsReceived, Is.EqualTo(before));
    }

    [Test]
    public void ReInviteWithoutOffer_IsOfferedTheKeysInUse()
    {
        var request = _call.Send("INVITE");
        var offer = _call.Final(request);
        Assert.That((SecureAudio.ProfileOf(offer), KeysOf(offer)[0]), Is.EqualTo(("RTP/SAVP", KeysOf(_ok)[0])));
        _call.Ack(request, offer, _audio.Sdp("RTP/SAVP", _line));
        _audio.Talk(0.5, SdpText.Rtp(_ok));

        Assert.That((_audio.Strange.Count, _audio.Payloads.Count > 40), Is.EqualTo((0, true)));
    }

    [Test]
    public void SecretsOfTheCall_StandInNothingThatIsKept()
    {
        var (ours, theirs) = (KeysOf(_ok)[0], _line.Split("inline:")[1]);
        Assert.That(_dialogs.Call.WireTrace, Is.Not.Empty);
        using var capture = new MemoryStream();
        PcapWriter.Write(capture, _dialogs.Call.WireTrace);
        using var ladder = new StringWriter();
        Assert.That(_dialogs.Server.TryGetReport(_dialogs.Call.Id, out var report), Is.True);
        SipLadder.Write(ladder, report!);
        var kept = string.Join(
            '\n',
            _dialogs.Call.WireTrace.Select(m => m.Message).Concat(_dialogs.Call.Explain().Select(n => n.Text))
                .Append(System.Text.Encoding.Latin1.GetString(capture.ToArray()))
                .Append(ladder.ToString())
                .Concat(_dialogs.Log.Lines));

        Assert.That(kept, Does.Contain("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****"));
        Assert.That(kept, Does.Not.Contain(ours).And.Not.Contain(theirs));
    }

    private static string[] KeysOf(SipText message) => [.. SecureAudio.LinesOf(message).Select(l => Convert.ToBase64String(l.KeyAndSalt))];
}
