using System.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>The span of a transfer: who asked for it, what came of it, and that it ends.</summary>
[SingleThreaded]
public sealed class TransferTraceTests : ITransferHandler
{
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private ScriptedPhone _carol = null!;
    private SpanLog _spans = null!;
    private TransferDecision _decision = null!;

    [SetUp]
    public void SetUp()
    {
        _spans = new SpanLog();
        _world = new VirtualWorld();
        _decision = TransferDecision.Accept();
        var host = new TestHost { Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To)) };
        _server = _world.StartServer(
            new SipServerHandlers { Auth = host, Invite = host, Calls = host, Registrations = host, Transfers = this },
            options => options.Media.Timeout = TimeSpan.Zero);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _carol = new ScriptedPhone(_world, "carol", "10.0.2.3");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.DisposeAsync();
        _spans.Dispose();
    }

    [TestCase(200, "Completed")]
    [TestCase(486, "Failed")]
    public void OfThePhone_HasItsOutcome_AndIsPartOfItsCall(int status, string outcome)
    {
        var other = new ScriptedPhone(_world, "bob", "10.0.2.2");
        Up(other, "b");
        var (invite, ok) = Up(_alice, "a");
        _carol.Register();
        _alice.InDialog("REFER", invite, ok, extra: "Refer-To: <sip:carol@test.local>\r\n");
        var ring = _carol.WaitForRequest("INVITE");
        Assert.That(_spans.Open, Has.One.EqualTo("sip.transfer"), "it goes on while the target rings");

        _carol.Respond(ring, status, "Final", status == 200 ? _carol.Sdp : "");
        _world.Advance(TimeSpan.FromSeconds(40));
        AnswerAll(_alice);
        _world.Advance(TimeSpan.FromSeconds(40));

        var span = _spans["sip.transfer"];
        Assert.That((Tag(span, "atm0s.sip.by"), Tag(span, "atm0s.sip.outcome")), Is.EqualTo(("phone", outcome)));
        Assert.That(Tag(span, "sip.request.method"), Is.EqualTo("REFER"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset), "what people do is no fault");
        var hook = _spans["sip.hook.transfer"];
        Assert.That((hook.TraceId, hook.ParentSpanId), Is.EqualTo((span.TraceId, span.ParentSpanId)));
        Stop();
        var call = _spans.Ended.Single(one => one.SpanId == span.ParentSpanId);
        Assert.That((call.OperationName, call.Kind, Tag(call, "sip.call_id")), Is.EqualTo(("sip.call", ActivityKind.Server, "a")));
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void OfThePhone_ThatTheHostRefuses_IsRefused()
    {
        _decision = TransferDecision.Refuse(403);
        var (invite, ok) = Up(_alice, "a");
        _alice.InDialog("REFER", invite, ok, extra: "Refer-To: <sip:carol@test.local>\r\n");
        _alice.WaitForResponse("REFER", 403);

        Assert.That(Tag(_spans["sip.transfer"], "atm0s.sip.outcome"), Is.EqualTo("Refused"));
        Stop();
        Assert.That(_spans.Open, Is.Empty);
    }

    [TestCase(603, "Refused")]
    [TestCase(501, "NotPossible")]
    public void OfTheHost_HasItsOutcome(int status, string outcome)
    {
        Up(_alice, "a");
        var result = _server.Calls.Single().TransferAsync("sip:9@192.0.2.9");
        _alice.Respond(_alice.WaitForRequest("REFER"), status, "No");
        _world.Await(result);

        var span = _spans["sip.transfer"];
        Assert.That((Tag(span, "atm0s.sip.by"), Tag(span, "atm0s.sip.outcome")), Is.EqualTo(("host", outcome)));
        Stop();
        Assert.That(_spans.Open, Is.Empty);
    }

    [Test]
    public void OfTheHost_ThePhoneNeverAnswers_EndsAllTheSame()
    {
        Up(_alice, "a");
        var result = _server.Calls.Single().TransferAsync("sip:9@192.0.2.9");
        _alice.WaitForRequest("REFER");
        _world.Await(result);

        Assert.That(Tag(_spans["sip.transfer"], "atm0s.sip.outcome"), Is.EqualTo("TimedOut"));
    }

    [Test]
    public void ServerThatStops_LeavesNoTransferOpen()
    {
        var (invite, ok) = Up(_alice, "a");
        _carol.Register();
        _alice.InDialog("REFER", invite, ok, extra: "Refer-To: <sip:carol@test.local>\r\n");
        _carol.WaitForRequest("INVITE");
        Stop();

        Assert.That(_spans.Open, Is.Empty);
        Assert.That(Tag(_spans["sip.transfer"], "atm0s.sip.by"), Is.EqualTo("phone"));
    }

    ValueTask<TransferDecision> ITransferHandler.HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_decision);

    private static object? Tag(Activity span, string name) => span.GetTagItem(name);

    private static void AnswerAll(ScriptedPhone phone)
    {
        foreach (var request in phone.Received.Where(m => !m.IsResponse && m.Method is "NOTIFY" or "BYE").ToList())
            phone.Respond(request, 200, "OK");
    }

    private (SipText Invite, SipText Ok) Up(ScriptedPhone phone, string callId)
    {
        var invite = phone.Invite("room1", callId);
        var ok = phone.WaitForResponse("INVITE", 200);
        phone.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(50));
        return (invite, ok);
    }

    private void Stop() => _world.Complete(_server.StopAsync(), TimeSpan.FromSeconds(90));
}
