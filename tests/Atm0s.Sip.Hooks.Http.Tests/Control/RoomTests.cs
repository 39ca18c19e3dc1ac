using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Rooms over HTTP: one of them, and its end.</summary>
public sealed class RoomTests
{
    private ControlHost _control = null!;

    [SetUp]
    public async Task SetUp() => _control = await ControlHost.StartAsync();

    [TearDown]
    public async Task TearDown() => await _control.DisposeAsync();

    [TestCase("r1")]
    [TestCase("room 1/2?ü%2F")]
    public async Task Room_IsThere_AndEndsWithAllItsCalls(string room)
    {
        var path = "/sip/rooms/" + Uri.EscapeDataString(room);
        var bob = await _control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var ringing = new TaskCompletionSource<PhoneAnswer>();
        var carol = await _control.RegisterAsync("carol", (_, cancellation) => new(ringing.Task.WaitAsync(cancellation)));
        var talks = await _control.Server.CallClientAsync(room, bob, "1001");
        await talks.Answered;
        var rings = await _control.Server.CallClientAsync(room, carol, "1001");
        var elsewhere = await _control.Server.CallClientAsync("another", bob, "1002");

        var (status, body) = await _control.SendAsync(HttpMethod.Get, path);
        Assert.That(status, Is.EqualTo(200), body);
        var resource = JsonDocument.Parse(body).RootElement;
        Assert.That(resource.GetProperty("id").GetString(), Is.EqualTo(room));
        Assert.That(resource.GetProperty("members").GetInt32(), Is.EqualTo(2));

        Assert.That(await _control.SendAsync(HttpMethod.Delete, path), Is.EqualTo((200, """{"result":"done"}""")));
        await talks.Ended;
        await rings.Ended;
        Assert.That(elsewhere.State, Is.Not.EqualTo(CallState.Ended));
        await ControlHost.UntilAsync(() => _control.Server.Rooms.All(r => r.Id != room), "the room is closed");
        Assert.That((await _control.SendAsync(HttpMethod.Get, path)).Status, Is.EqualTo(404));
        await ControlHost.UntilAsync(() => _control.Server.Calls.All(c => c.Info.RoomId != room), "its calls are gone");
        Assert.That((await _control.SendAsync(HttpMethod.Delete, path)).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task TrunkThatDoesNotAnswer_IsAddedAllTheSame_AndSaysSoSoon()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)silent.Client.LocalEndPoint!).Port;
        var (status, body) = await _control.PostAsync(
            "/sip/trunks", $$"""{"name":"slow","server":"sip:127.0.0.1:{{port}}","username":"u","password":"p","register":true}""");
        Assert.That(status, Is.EqualTo(200), body);
        Assert.That(body, Does.Contain("\"state\":\"registering\"").And.Not.Contain("\"p\""));
    }

    [Test]
    public async Task Trunk_WithASlashInItsName_CanBeRemoved()
    {
        Assert.That((await _control.PostAsync("/sip/trunks", """{"name":"a/b","server":"sip:127.0.0.1:5999"}""")).Status, Is.EqualTo(200));
        Assert.That((await _control.SendAsync(HttpMethod.Delete, "/sip/trunks/a%2Fb")).Status, Is.EqualTo(204));
        Assert.That(_control.Server.Trunks, Is.Empty);
    }
}
