using System.Text.Json;
using System.Text.RegularExpressions;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>
/// The original's control API, byte for byte: <c>/health</c>, <c>/sip/invite/client</c>, <c>/sip/invite/server</c> and their envelope.
/// </summary>
public sealed partial class InviteTranscriptTests
{
    private ControlHost _control = null!;

    [SetUp]
    public async Task SetUp() => _control = await ControlHost.StartAsync();

    [TearDown]
    public async Task TearDown() => await _control.DisposeAsync();

    [Test]
    public async Task Health_IsOk() =>
        Assert.That(await _control.SendAsync(HttpMethod.Get, "/health"), Is.EqualTo((200, """{"status":true,"data":"OK"}""")));

    [Test]
    public async Task Health_IsAskedForByItsHeadToo() =>
        Assert.That(await _control.SendAsync(HttpMethod.Head, "/health"), Is.EqualTo((200, "")));

    [Test]
    public async Task InviteClient_GivesTheIdOfTheCall()
    {
        var session = await _control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var (status, body) = await _control.PostAsync(
            "/sip/invite/client", $$"""{"room_id":"r1","dest_session_id":"{{session}}","from_number":"1001","server_alias":null,"hook_uri":"http://127.0.0.1:1/"}""");
        Assert.That(status, Is.EqualTo(200));
        var match = Started().Match(body);
        Assert.That(match.Success, body);
        Assert.That(_control.Server.TryGetCall(match.Groups[1].Value, out var call), body);
        Assert.That((await call!.Answered).IsAnswered, Is.True);
        Assert.That((call.Info.RoomId, call.Info.From, call.Info.To), Is.EqualTo(("r1", "1001", "bob")));
    }

    [Test]
    public async Task InviteClient_OfAnUnknownSession_IsNotFound() =>
        Assert.That(
            await _control.PostAsync("/sip/invite/client", """{"room_id":"r1","dest_session_id":"nobody","from_number":"1001"}"""),
            Is.EqualTo((404, "NOT_FOUND")));

    [Test]
    public async Task InviteUser_RingsAllHisPhones([Values("all_at_once", "by_priority")] string order)
    {
        var rung = 0;
        for (var i = 0; i < 2; i++)
            await _control.RegisterAsync("bob", (_, _) =>
            {
                Interlocked.Increment(ref rung);
                return ValueTask.FromResult(PhoneAnswer.Busy);
            });
        var (status, body) = await _control.PostAsync(
            "/sip/invite/user", $$"""{"room_id":"r1","username":"bob","from_number":"1001","ring_order":"{{order}}"}""");
        Assert.That(status, Is.EqualTo(200), body);
        var id = Started().Match(body).Groups[1].Value;
        await ControlHost.UntilAsync(
            () => _control.Host.Events.OfType<CallEvent.Ended>().Any(e => e.Call.CallId == id && e.Cause == CallEndCause.Busy),
            "the outcome of the call");
        Assert.That(rung, Is.EqualTo(2));
    }

    [TestCase("/sip/invite/server", "\"dest_addr\":\"127.0.0.1:9\",\"to_number\":\"2\"")]
    public async Task InviteForACallerWhoIsGone_StopsAtOnce(string path, string rest)
    {
        var (status, body) = await _control.PostAsync(
            path, $$"""{"room_id":"r1",{{rest}},"from_number":"1001","for_conn_id":"no-such-call"}""");
        Assert.That(status, Is.EqualTo(200), body);
        var id = Started().Match(body).Groups[1].Value;
        await ControlHost.UntilAsync(
            () => _control.Host.Events.OfType<CallEvent.Ended>().Any(e => e.Call.CallId == id && e.Cause == CallEndCause.OthersLeft),
            "the end of the call");
    }

    [Test]
    public async Task InviteUser_WhoIsNotRegistered_IsNotFound() =>
        Assert.That(
            await _control.PostAsync("/sip/invite/user", """{"room_id":"r1","username":"nobody","from_number":"1001"}"""),
            Is.EqualTo((404, "NOT_FOUND")));

    [Test]
    public async Task InviteServer_CallsTheAddress_WithAndWithoutAuthentication([Values] bool authentication)
    {
        // The server calls itself: as a PBX it challenges, and lets the call join a room.
        var own = new Uri(_control.Server.ListenUris[0]);
        var auth = authentication ? ""","dest_auth":{"username":"1001","password":"pw-1001"}""" : "";
        var (status, body) = await _control.PostAsync(
            "/sip/invite/server", $$"""{"room_id":"r1","dest_addr":"127.0.0.1:{{own.Port}}"{{auth}},"from_number":"1001","to_number":"+49 30","server_alias":"pbx","hook_uri":""}""");
        Assert.That(status, Is.EqualTo(200), body);
        var id = Started().Match(body).Groups[1].Value;
        await ControlHost.UntilAsync(
            () => authentication
                ? _control.Server.TryGetCall(id, out var call) && call.State == CallState.Answered
                : _control.Host.Events.OfType<CallEvent.Ended>().Any(e => e.Call.CallId == id && e.Cause == CallEndCause.Unauthorized),
            "the outcome of the call");
        if (authentication)
            Assert.That(_control.Host.Invited.Single(), Has.Property("To").EqualTo("+49 30").And.Property("RequestUri")
                .StartsWith("sip:+49%2030@").And.Property("Username").EqualTo("1001"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:0")]
    [TestCase("127.0.0.1:99999")]
    [TestCase("pbx.example.com:5060")]
    [TestCase("127.1:5060")]
    [TestCase("2130706433:5060")]
    [TestCase("0.0.0.0:5060")]
    [TestCase("255.255.255.255:5060")]
    [TestCase("224.0.0.1:5060")]
    [TestCase("[::]:5060")]
    [TestCase("[ff02::1]:5060")]
    [TestCase("::1:5060")]
    [TestCase("[127.0.0.1]:5060")]
    [TestCase("127.0.0.1:5060;transport=tcp")]
    [TestCase("")]
    public async Task InviteServer_OfNoAddress_IsInvalidDestAddr(string address) =>
        Assert.That(
            await _control.PostAsync("/sip/invite/server", $$"""{"room_id":"r1","dest_addr":"{{address}}","from_number":"1","to_number":"2"}"""),
            Is.EqualTo((400, "INVALID_DEST_ADDR")));

    [TestCase("/sip/invite/client", "")]
    [TestCase("/sip/invite/client", "{")]
    [TestCase("/sip/invite/client", "[]")]
    [TestCase("/sip/invite/client", "null")]
    [TestCase("/sip/invite/client", """{"room_id":1,"dest_session_id":"a","from_number":"1"}""")]
    [TestCase("/sip/invite/client", """{"dest_session_id":"a","from_number":"1"}""")]
    [TestCase("/sip/invite/client", """{"room_id":"","dest_session_id":"a","from_number":"1"}""")]
    [TestCase("/sip/invite/client", """{"room_id":"r","dest_session_id":"a","from_number":"1\r\nX-Evil: 1"}""")]
    [TestCase("/sip/invite/client", """{"room_id":"r\n1","dest_session_id":"a","from_number":"1"}""")]
    [TestCase("/sip/invite/user", """{"room_id":"r","from_number":"1"}""")]
    [TestCase("/sip/invite/user", """{"room_id":"r","username":"","from_number":"1"}""")]
    [TestCase("/sip/invite/user", """{"room_id":"r","username":"bob","from_number":"1","ring_order":"loudest first"}""")]
    [TestCase("/sip/invite/trunk", """{"room_id":"r\u001b[2J","trunk":"a","from_number":"1","to_number":"2"}""")]
    [TestCase("/sip/invite/server", """{"room_id":"r","dest_addr":"127.0.0.1:5060","from_number":"1"}""")]
    [TestCase("/sip/invite/trunk", """{"room_id":"r","from_number":"1","to_number":"2"}""")]
    public async Task BodyThatCantBeUsed_IsInvalidRequest(string path, string body) =>
        Assert.That(await _control.PostAsync(path, body), Is.EqualTo((400, "INVALID_REQUEST")));

    [Test]
    public async Task HugeBody_IsRefused() =>
        Assert.That((await _control.PostAsync("/sip/invite/client", $$"""{"room_id":"{{new string('x', 70_000)}}"}""")), Is.EqualTo((413, "TOO_LARGE")));

    [Test]
    public async Task InviteServer_ThatNoListenerReaches_Is503() =>
        Assert.That(
            await _control.PostAsync("/sip/invite/server", """{"room_id":"r1","dest_addr":"[::1]:5060","from_number":"1","to_number":"2"}"""),
            Is.EqualTo((503, "UNREACHABLE")));

    [Test]
    public async Task InviteTrunk_ThatIsNotThere_IsNotFound() =>
        Assert.That(
            await _control.PostAsync("/sip/invite/trunk", """{"room_id":"r1","trunk":"nowhere","from_number":"1","to_number":"2"}"""),
            Is.EqualTo((404, "NOT_FOUND")));

    [Test]
    public async Task Refusal_IsNoJson_SoThatTheOriginalsClientsTakeItForOne()
    {
        using var content = new StringContent(
            """{"room_id":"r1","dest_session_id":"nobody","from_number":"1001"}""", null, "application/json");
        using var response = await _control.Http.PostAsync(new Uri("/sip/invite/client", UriKind.Relative), content);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
        Assert.That(
            async () => JsonDocument.Parse(await response.Content.ReadAsStringAsync()), Throws.InstanceOf<JsonException>());
    }

    [GeneratedRegex("""^\{"status":true,"data":\{"session_id":"([^"]+)"\}\}$""")]
    private static partial Regex Started();
}
