using System.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>The trace of a call from a phone.</summary>
[SingleThreaded]
public sealed class IncomingTraceTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private SpanLog _spans = null!;

    [SetUp]
    public void SetUp()
    {
        _spans = new SpanLog();
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Media.Timeout = TimeSpan.Zero);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.DisposeAsync();
        _spans.Dispose();
    }

    [Test]
    public void Call_HasOneTrace_WithASpanForEachPart()
    {
        var (invite, ok) = Up("room1");
        _world.Advance(TimeSpan.FromSeconds(3));
        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);
        _world.Advance(TimeSpan.FromSeconds(1));

        var root = _spans["sip.call"];
        Assert.That(
            _spans.Ended.Where(span => span.OperationName == "sip.observe").Select(span => span.GetTagItem("atm0s.sip.event")),
            Is.EqualTo(new[] { "Connecting", "Answered", "Ended" }));
        var names = _spans.Ended.Where(span => span != root && span.OperationName != "sip.observe").Select(span => span.OperationName);
        Assert.That(names, Is.EquivalentTo(new[] { "sip.hook.auth", "sip.hook.invite", "sip.answer", "sip.media", "sip.end" }));
        Assert.That(_spans.Ended.Select(span => span.TraceId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_spans.Ended.Where(span => span != root).Select(span => span.ParentSpanId), Has.All.EqualTo(root.SpanId));
        Assert.That(root.ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
        Assert.That(root.Kind, Is.EqualTo(ActivityKind.Server));
        Assert.That(_spans.Open, Is.Empty);
        Assert.That(_spans["sip.media"].Duration, Is.EqualTo(TimeSpan.FromSeconds(3)).Within(TimeSpan.FromMilliseconds(200)));
        Assert.That(root.Duration, Is.GreaterThanOrEqualTo(_spans["sip.media"].Duration));
    }

    [Test]
    public void Root_SaysWhichCallItWas_AndHowItEnded()
    {
        var (invite, ok) = Up("room1");
        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);

        var root = _spans["sip.call"];
        var info = _host.End(CallDirection.Incoming)!.Call;
        Assert.That(root.GetTagItem("sip.call_id"), Is.EqualTo("c1"));
        Assert.That(root.GetTagItem("sip.request.method"), Is.EqualTo("INVITE"));
        Assert.That(root.GetTagItem("sip.response.status_code"), Is.EqualTo(200));
        Assert.That(root.GetTagItem("atm0s.sip.call.id"), Is.EqualTo(info.CallId));
        Assert.That(root.GetTagItem("atm0s.sip.direction"), Is.EqualTo("incoming"));
        Assert.That(root.GetTagItem("atm0s.sip.room"), Is.EqualTo("room1"));
        Assert.That(root.GetTagItem("atm0s.sip.end.cause"), Is.EqualTo("RemoteHangup"));
        Assert.That(root.GetTagItem("network.transport"), Is.EqualTo("udp"));
        Assert.That(root.GetTagItem("network.peer.address"), Is.EqualTo("10.0.2.1"));
        Assert.That(root.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public void Call_ThatWaits_HasASpanOfRinging()
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.WaitForOthers(invite.To, TimeSpan.FromSeconds(10)));
        var invite = _alice.Invite("room1", "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 480, TimeSpan.FromSeconds(20)));
        _world.Advance(TimeSpan.FromSeconds(40));

        var root = _spans["sip.call"];
        Assert.That(_spans["sip.ring"].Duration, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromMilliseconds(100)));
        Assert.That(root.GetTagItem("sip.response.status_code"), Is.EqualTo(480));
        Assert.That(root.Events.Select(e => e.Name), Is.EqualTo(new[] { "ringing" }));
        Assert.That(root.Status, Is.EqualTo(ActivityStatusCode.Unset), "nobody came: that is no fault");
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void Handler_ThatFails_IsAFaultOfItsSpan_AndOfTheCall()
    {
        _host.Decide = static (_, _) => throw new InvalidOperationException("broken");
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 500);
        _world.Advance(TimeSpan.FromSeconds(40));

        Assert.That(_spans["sip.hook.invite"].Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(_spans["sip.hook.invite"].GetTagItem("atm0s.sip.outcome"), Is.EqualTo("Failed"));
        Assert.That(_spans["sip.call"].Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(_spans["sip.call"].GetTagItem("error.type"), Is.EqualTo("HandlerFailed"));
    }

    [Test]
    public void WrongPassword_IsATraceOfItsOwn_AndAChallengeIsNone()
    {
        _alice.Invite("room1", "c1", password: "guess");
        _alice.WaitForResponse("INVITE", 403);
        _world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_spans.Names, Is.EqualTo("sip.hook.auth sip.call"));
        Assert.That(_spans["sip.call"].GetTagItem("sip.response.status_code"), Is.EqualTo(403));
    }

    [Test]
    public void Digits_AreCounted_AndNeverTold()
    {
        var (invite, ok) = Up("room1");
        foreach (var digit in "731")
        {
            _alice.InDialog(
                "INFO", invite, ok, $"Signal={digit}\r\nDuration=200\r\n", contentType: "application/dtmf-relay");
            _alice.WaitForResponse("INFO", 200);
            _alice.Received.Clear();
            _world.Advance(TimeSpan.FromSeconds(1));
        }

        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);

        Assert.That(_spans["sip.media"].GetTagItem("atm0s.sip.digits.count"), Is.EqualTo(3));
        var texts = _spans.Ended.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Concat(span.Events.Select(e => e.Name)));
        Assert.That(texts.Where(text => text is "7" or "1" or "731"), Is.Empty);
    }

    [Test]
    public void Handlers_SeeTheirSpan_AndOnTheShardNothingIsLeftBehind()
    {
        var seen = new List<Activity?>();
        _host.Authorize = (request, cancellation) =>
        {
            seen.Add(Activity.Current);
            return new TestHost().AuthorizeAsync(request, cancellation);
        };
        _host.Decide = (invite, _) =>
        {
            seen.Add(Activity.Current);
            return ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        };
        using var outside = new Activity("test").Start();
        Up("room1");
        Assert.That(Activity.Current, Is.SameAs(outside), "the shard ran on this thread");
        Up("room2", "c2");

        Assert.That(seen.Select(span => span!.OperationName), Is.EqualTo(
            new[] { "sip.hook.auth", "sip.hook.invite", "sip.hook.auth", "sip.hook.invite" }));
        Assert.That(seen.Select(span => span!.TraceId).Distinct().Count(), Is.EqualTo(2), "two calls, two traces");
        Assert.That(seen.Select(span => span!.TraceId), Has.None.EqualTo(outside.TraceId));
        _world.Complete(_server.StopAsync());
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void TraceParent_OfAnybody_IsNotBelieved()
    {
        Up("room1", extra: "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
        _world.Complete(_server.StopAsync());

        Assert.That(_spans["sip.call"].TraceId.ToString(), Is.Not.EqualTo("0af7651916cd43dd8448eb211c80319c"));
    }

    [TestCase(true, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [TestCase(false, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [TestCase(true, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-and-more", false)]
    [TestCase(true, "nonsense", false)]
    public async Task TraceParent_OfATrunk_IsBelievedWhereItsOptionsSaySo(bool accepts, string value, bool isBelieved)
    {
        await using var world = new VirtualWorld();
        var server = world.StartServer(new TestHost().Handlers, options => options.Trunks.Add(
            new TrunkOptions { Name = "pbx", Server = "sip:10.0.2.7", Register = false, AcceptTraceParent = accepts }));
        var pbx = new ScriptedPhone(world, "pbx", "10.0.2.7");
        pbx.Send(pbx.Request("INVITE", "room1", "c9", pbx.Sdp, pbx.Contact() + $"Traceparent: {value}\r\n"));
        pbx.WaitForResponse("INVITE", 200);
        world.Complete(server.StopAsync(), TimeSpan.FromSeconds(60));

        var root = _spans["sip.call"];
        Assert.That(root.GetTagItem("atm0s.sip.trunk"), Is.EqualTo("pbx"));
        Assert.That(root.TraceId.ToString() == "0af7651916cd43dd8448eb211c80319c", Is.EqualTo(isBelieved));
        Assert.That(root.ParentSpanId.ToString() == "b7ad6b7169203331", Is.EqualTo(isBelieved));
    }

    [Test]
    public async Task TraceThatIsNotRecorded_StillJoinsTheHostsRequests()
    {
        using var spans = new SpanLog(ActivitySamplingResult.PropagationData);
        _spans.Dispose();
        await using var world = new VirtualWorld();
        var host = new TestHost();
        var seen = new List<Activity?>();
        host.Decide = (invite, _) =>
        {
            seen.Add(Activity.Current);
            return ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
        };
        var server = world.StartServer(host.Handlers);
        new ScriptedPhone(world, "carol", "10.0.2.9").Invite("room1", "c1");
        world.Advance(TimeSpan.FromSeconds(1));
        world.Complete(server.StopAsync(), TimeSpan.FromSeconds(60));

        Assert.That(seen.Single()!.OperationName, Is.EqualTo("sip.call"));
        Assert.That(seen.Single()!.Recorded, Is.False);
        Assert.That(spans.Names, Is.EqualTo("sip.call"));
        Assert.That(spans["sip.call"].TagObjects.Select(tag => tag.Key), Does.Not.Contain("sip.call_id"));
    }

    private (SipText Invite, SipText Ok) Up(string room, string callId = "c1", string extra = "")
    {
        _alice.Received.Clear();
        SipText invite;
        if (extra.Length == 0)
        {
            invite = _alice.Invite(room, callId);
        }
        else
        {
            _alice.Send(_alice.Request("INVITE", room, callId, _alice.Sdp, _alice.Contact() + extra));
            var challenge = _alice.WaitForResponse("INVITE", 401);
            var text = _alice.Request(
                "INVITE",
                room,
                callId,
                _alice.Sdp,
                _alice.Contact() + extra + _alice.Authorize(challenge, "INVITE", $"sip:{room}@test.local"));
            _alice.Send(text);
            invite = new SipText(text);
        }

        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return (invite, ok);
    }
}
