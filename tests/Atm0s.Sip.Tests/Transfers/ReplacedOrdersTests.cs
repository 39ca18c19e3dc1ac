using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Calls;

namespace Atm0s.Sip.Tests.Transfers;

/// <summary>What the host has said of a call holds for the call that takes its place (RFC 3891 §3), from its first tick on.</summary>
[SingleThreaded]
public sealed class ReplacedOrdersTests
{
    private TransferWorld _world = null!;
    private ToneEndpoint _bob = null!;
    private ToneEndpoint _carol = null!;
    private RtpVoice _desk = null!;
    private ScriptedPhone _deskPhone = null!;
    private (SipText Invite, SipText Ok) _old;

    [SetUp]
    public void SetUp()
    {
        _world = new TransferWorld(options => options.ShardCount = 3);
        _old = _world.Call(_world.Alice, "old");
        _bob = Join("bob", 880);
        _carol = Join("carol", 1320);
        _deskPhone = new ScriptedPhone(_world.World, "alice", "10.0.2.9");
        _desk = new RtpVoice(new RtpPeer(_world.World, "10.0.2.9:4000"), 440);
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Whisper_StaysOne_AndShowsInTheNewCall()
    {
        Set(Call("old"), new MemberRule { HeardBy = new HashSet<object> { Of("bob") } });
        Replace();
        TalkFromTheDesk(2);

        Assert.That(Level(_carol, 440, 2), Is.LessThan(-60), "from the first tick");
        Assert.That(Level(_bob, 440, 0.5), Is.GreaterThan(-20));
        Assert.That(Call("new").Rule.HeardBy, Is.EquivalentTo(new[] { Of("bob") }));
    }

    [Test]
    public void RulesOfOthers_AreAboutTheNewCall()
    {
        Set(Of("bob"), new MemberRule { Hears = new HashSet<object> { Call("old") } });
        Set(Of("carol"), new MemberRule { HeardBy = new HashSet<object> { Call("old") } });
        Replace();
        TalkFromTheDesk(2);

        Assert.That(Level(_bob, 440, 0.5), Is.GreaterThan(-20), "whom he hears has another phone");
        Assert.That(Level(_bob, 1320, 0.5), Is.LessThan(-60));
        Assert.That(_desk.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(1320).Levels[1320], Is.GreaterThan(-20));
        Assert.That(Of("bob").Rule.Hears, Is.EquivalentTo(new[] { Call("new") }));
    }

    [Test]
    public void MuteAndGains_AreThoseOfBefore()
    {
        var old = Call("old");
        _world.World.Await(old.MuteAsync());
        _world.World.Await(old.SetGainAsync(-6));
        _world.World.Await(old.SetAutomaticGainAsync());
        Replace();
        TalkFromTheDesk(1);

        var call = Call("new");
        Assert.That((call.IsMuted, call.Gain, call.HasAutomaticGain), Is.EqualTo((true, -6d, true)));
        Assert.That(Level(_carol, 440, 1), Is.LessThan(-60));
    }

    [Test]
    public void Streams_GoOn_AndThoseThatHaveEndedDoNotComeBack()
    {
        var listener = new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:1/listener"), MaxReconnects = 100 };
        var ended = _world.World.Await(Call("old").StartStreamAsync(new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:1/ended"), MaxReconnects = 100 }));
        Assert.That(_world.World.Await(Call("old").StartStreamAsync(listener)), Is.Not.Null);
        _world.World.Complete(ended!.StopAsync());
        _world.RunUntil(() => _world.Server.Streams.Count == 1);
        Replace();

        var call = Call("new");
        _world.RunUntil(() => _world.Server.Streams.All(stream => stream.CallId == call.Id));
        Assert.That(_world.Server.Streams.Select(stream => stream.CallId).ToArray(), Is.EqualTo(new[] { call.Id }));
    }

    [Test]
    public void WhomTheHostHolds_DoesNotHearTheRoomFromAnotherPhone()
    {
        var holding = Call("old").HoldAsync();
        Answer(_world.Alice, "old");
        Assert.That(_world.World.Await(holding), Is.EqualTo(CallCommandResult.Done));
        Replace();
        TalkFromTheDesk(2);

        Assert.That(_desk.Heard.Measure(1320).Levels[1320], Is.LessThan(-30), "a tick at most");
        Assert.That(Level(_carol, 440, 1), Is.LessThan(-60));
        Answer(_deskPhone, "new");
        _world.Run(0.5);
        Assert.That(Call("new").IsOnHold, Is.True);
    }

    private void Replace()
    {
        var replaces = $"old;to-tag={_old.Ok.ToTag};from-tag={_old.Invite.FromTag}";
        var extra = $"{_deskPhone.Contact()}Replaces: {replaces}\r\n";
        _deskPhone.Send(_deskPhone.Request("INVITE", "room1", "new", _deskPhone.Sdp, extra));
        var challenge = _world.WaitFor(_deskPhone, m => m.IsResponse && m.Status == 401);
        var invite = _deskPhone.Request(
            "INVITE", "room1", "new", _deskPhone.Sdp, extra + _deskPhone.Authorize(challenge, "INVITE", "sip:room1@test.local"));
        _deskPhone.Send(invite);
        var ok = _world.WaitFor(_deskPhone, m => m.IsResponse && m.Method == "INVITE" && m.Status == 200);
        _deskPhone.Ack(new SipText(invite), ok);
    }

    private void TalkFromTheDesk(double seconds)
    {
        _desk.Talk(seconds, Call("new").GetStatistics()!.Local);
        _world.RunUntil(() => _world.EndOf("old") is not null);
        Assert.That(_world.EndOf("old")!.Cause, Is.EqualTo(CallEndCause.Replaced));
    }

    private void Answer(ScriptedPhone phone, string callId)
    {
        var offer = _world.WaitFor(phone, m => !m.IsResponse && m.Method == "INVITE" && m["Call-ID"] == callId);
        phone.Respond(offer, 200, "OK", phone.Sdp + "a=recvonly\r\n");
    }

    private void Set(ISipCall call, MemberRule rule) =>
        Assert.That(_world.World.Await(call.SetRuleAsync(rule)), Is.EqualTo(CallCommandResult.Done));

    private ISipCall Call(string sipCallId) => _world.Server.Calls.Single(call => call.Info.SipCallId == sipCallId);

    private ISipCall Of(string name) => _world.Server.Calls.Single(call => call.Info.From == name);

    private static double Level(ToneEndpoint listener, double hz, double seconds) =>
        listener.Recording.End(TimeSpan.FromSeconds(seconds)).Measure(hz).Levels[hz];

    private ToneEndpoint Join(string name, double hz)
    {
        var audio = new ToneEndpoint(hz);
        var phone = _world.World.StartPhone(name, audio);
        Assert.That(_world.World.Await(_world.World.Await(phone.CallAsync("room1")).Answered).IsAnswered, Is.True);
        return audio;
    }
}
