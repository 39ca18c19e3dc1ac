using System.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>The trace of a call that the host makes.</summary>
[SingleThreaded]
public sealed class OutgoingTraceTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _bob = null!;
    private SpanLog _spans = null!;

    [SetUp]
    public void SetUp()
    {
        _spans = new SpanLog();
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Media.Timeout = TimeSpan.Zero);
        _bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        _bob.Register();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.DisposeAsync();
        _spans.Dispose();
    }

    [Test]
    public void Call_BelongsToWhatTheHostDoesJustThen()
    {
        using var request = new Activity("POST /sip/invite/client").Start();
        var ring = Ring();
        request.Stop();
        _bob.Respond(ring, 180, "Ringing");
        _world.Advance(TimeSpan.FromSeconds(2));
        _bob.Respond(ring, 200, "OK", _bob.Sdp);
        _bob.WaitForRequest("ACK");
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(_server.Calls.Single().HangUpAsync());
        _bob.Respond(_bob.WaitForRequest("BYE"), 200, "OK");
        _world.Advance(TimeSpan.FromSeconds(1));

        var root = _spans["sip.call"];
        Assert.That(root.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That((root.TraceId, root.ParentSpanId), Is.EqualTo((request.TraceId, request.SpanId)));
        Assert.That(
            _spans.Ended.Where(span => span != root && span.OperationName != "sip.observe").Select(span => span.OperationName),
            Is.EquivalentTo(new[] { "sip.invite", "sip.ring", "sip.answer", "sip.media", "sip.end" }));
        Assert.That(_spans["sip.invite"].GetTagItem("sip.response.status_code"), Is.EqualTo(200));
        Assert.That(_spans["sip.ring"].Duration, Is.EqualTo(TimeSpan.FromSeconds(2)).Within(TimeSpan.FromMilliseconds(200)));
        Assert.That(root.GetTagItem("atm0s.sip.end.cause"), Is.EqualTo("LocalHangup"));
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void BusyPhone_EndsAllSpans_AndIsNoFault()
    {
        var ring = Ring();
        _bob.Respond(ring, 486, "Busy Here");
        _world.Advance(TimeSpan.FromSeconds(40));

        Assert.That(_spans["sip.invite"].GetTagItem("sip.response.status_code"), Is.EqualTo(486));
        Assert.That(_spans["sip.call"].GetTagItem("sip.response.status_code"), Is.EqualTo(486));
        Assert.That(_spans["sip.call"].Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void SilentPhone_EndsAllSpans()
    {
        Ring();
        _world.Advance(TimeSpan.FromSeconds(70));

        Assert.That(_spans["sip.call"].GetTagItem("sip.response.status_code"), Is.EqualTo(408));
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void CallThatIsMadeForACaller_BelongsToTheTraceOfThat()
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.WaitForOthers(invite.To, TimeSpan.FromSeconds(10)));
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Invite("room1", "c1");
        alice.WaitForResponse("INVITE", 180);
        var ring = Ring(new OutgoingCallOptions { ForCallId = _server.Calls.Single().Id });
        _bob.Respond(ring, 486, "Busy Here");
        _world.Advance(TimeSpan.FromSeconds(60));

        var roots = _spans.Ended.Where(span => span.OperationName == "sip.call").ToList();
        var (caller, called) = (roots.Single(r => r.Kind == ActivityKind.Server), roots.Single(r => r.Kind == ActivityKind.Client));
        Assert.That((called.TraceId, called.ParentSpanId), Is.EqualTo((caller.TraceId, caller.SpanId)));
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void StoppedServer_LeavesNoSpanOpen()
    {
        var ring = Ring();
        _bob.Respond(ring, 180, "Ringing");
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(_server.StopAsync(), TimeSpan.FromSeconds(60));

        Assert.That(_spans.Open, Is.Empty);
        Assert.That(_spans["sip.call"].GetTagItem("atm0s.sip.end.cause"), Is.EqualTo("Shutdown"));
    }

    private SipText Ring(OutgoingCallOptions? options = null)
    {
        _bob.Received.Clear();
        _world.Await(_server.CallUserAsync("room1", "bob", "1001", options).AsTask());
        return _bob.WaitForRequest("INVITE");
    }
}
