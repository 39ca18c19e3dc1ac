using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Digits;

/// <summary>Keys as tones in the audio of whole calls, where the host wants them.</summary>
[SingleThreaded]
public sealed class ToneCallTests
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(100);

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private RtpPeer _rtp = null!;

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase(true, "15#")]
    [TestCase(false, "")]
    public void Send_ToAPhoneWithoutEvents_IsInTheAudio_IfTheHostWants(bool wanted, string expected)
    {
        var ok = Call(options => options.Media.SendInbandDtmf = wanted);
        _rtp.Talk(TimeSpan.FromMilliseconds(200), SdpText.Rtp(ok));
        var sending = _server.Calls.Single().SendDtmfAsync("15#", Length, Length);
        _rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));

        Assert.That(Detect(_rtp.Rtp), Is.EqualTo(expected));
        Assert.That(_alice.Received.Any(m => m.Method == "INFO"), Is.EqualTo(!wanted), "else by INFO");
        if (wanted)
            Assert.That(_world.Await(sending), Is.EqualTo(CallCommandResult.Done));
    }

    [TestCase(true, "15#")]
    [TestCase(false, "")]
    public void TonesOfThePhone_AreKeys_IfTheHostWants(bool wanted, string expected)
    {
        var ok = Call(options => options.Media.DetectInbandDtmf = wanted);
        Press("15#", ok);
        Assert.That(string.Concat(_host.Events.OfType<CallEvent.DtmfReceived>().Select(e => e.Digit)), Is.EqualTo(expected));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void VoipMetrics_AreReported_IfTheHostWants(bool wanted)
    {
        var ok = Call(options => options.Media.SendVoipMetrics = wanted);
        _rtp.Talk(TimeSpan.FromSeconds(15), SdpText.Rtp(ok));
        Assert.That(_rtp.Rtcp, Is.Not.Empty);
        Assert.That(_rtp.Rtcp.Any(r => Types(r.Packet).Contains(207)), Is.EqualTo(wanted));
    }

    /// <summary>A program takes no tone for a key; a phone hears the tone, and must not get the key a second time.</summary>
    [Test]
    public void TonesOfThePhone_AreKeysForPrograms_AndOnlyTonesForPhones([Values] bool isProgram)
    {
        var ok = Call(options => options.Media.DetectInbandDtmf = true);
        RoomBot? bot = null;
        ScriptedPhone? bob = null;
        RtpPeer? rtp = null;
        if (isProgram)
        {
            bot = _world.Await(_server.AddParticipantAsync("room1").AsTask());
        }
        else
        {
            rtp = new RtpPeer(_world, "10.0.2.2:4000");
            bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
            Invite(bob, "c2", SdpText.Of("8 101", "IP4 10.0.2.2"));
        }

        _world.Advance(TimeSpan.FromMilliseconds(100));
        Press("15", ok);
        var keys = "";
        while (bot is not null && bot.Events.TryRead(out var what))
            keys += what is RoomBotEvent.Digit digit ? digit.Key : "";
        Assert.That(keys, Is.EqualTo(isProgram ? "15" : ""));
        if (rtp is null)
            return;
        rtp.Listen(TimeSpan.FromMilliseconds(100));
        Assert.That(rtp.PayloadTypes, Is.EqualTo(new[] { 8 }), "telephone events have a type of their own");
        Assert.That(Detect(rtp.Rtp), Is.EqualTo("15"), "it hears the tones");
    }

    private static SipText Invite(ScriptedPhone phone, string callId, string sdp)
    {
        phone.Send(phone.Request("INVITE", "room1", callId, sdp, phone.Contact()));
        var challenge = phone.WaitForResponse("INVITE", 401);
        var authorized = phone.Contact() + phone.Authorize(challenge, "INVITE", "sip:room1@test.local");
        var text = phone.Request("INVITE", "room1", callId, sdp, authorized);
        phone.Send(text);
        var ok = phone.WaitForResponse("INVITE", 200);
        phone.Ack(new SipText(text), ok);
        return ok;
    }

    private void Press(string keys, SipText ok)
    {
        var generator = new InbandDtmfGenerator(8000);
        generator.TryAdd(keys, Length, Length);
        var frame = new short[160];
        _rtp.Talk(TimeSpan.FromMilliseconds(200), SdpText.Rtp(ok));
        while (generator.Generate(frame))
        {
            var payload = new byte[160];
            ALaw.Encode(frame, payload);
            _rtp.Say(payload, SdpText.Rtp(ok));
        }

        _rtp.Talk(TimeSpan.FromMilliseconds(300), SdpText.Rtp(ok));
    }

    private static IEnumerable<int> Types(byte[] compound)
    {
        for (var at = 0; at + 4 <= compound.Length; at += 4 * (1 + ((compound[at + 2] << 8) | compound[at + 3])))
            yield return compound[at + 1];
    }

    private static string Detect(IEnumerable<byte[]> packets)
    {
        var detector = new InbandDtmfDetector(8000);
        foreach (var packet in packets)
        {
            var pcm = new short[packet.Length - 12];
            ALaw.Decode(packet.AsSpan(12), pcm);
            detector.Process(pcm);
        }

        detector.Restart();
        var digits = "";
        while (detector.TryRead(out var key))
            digits += key.Digit;
        return digits;
    }

    private SipText Call(Action<SipServerOptions> configure)
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, configure);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _rtp = new RtpPeer(_world, "10.0.2.1:4000");
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        var ok = Invite(_alice, "c1", SdpText.Of("8"));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _alice.Received.Clear();
        return ok;
    }
}
