using System.Text.Json;
using Atm0s.Sip.Dashboard.Tests.Hosts;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>What the page orders happens to a real call over sockets.</summary>
public sealed class CommandTests
{
    [Test]
    public async Task Orders_AreCarriedOut_OnACallThatTheFormMade()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.AddPhoneAsync("anna");
        var (status, body) = await host.SendAsync(HttpMethod.Post, "api/dial", """{"kind":"user","to":"anna","room":"r1","from":"100"}""");
        Assert.That(status, Is.EqualTo(200), body);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("callId").GetString()!;
        Assert.That(host.Server.TryGetCall(id, out var call));
        Assert.That((await call!.Answered).IsAnswered, Is.True);

        Assert.That(await OrderAsync(host, id, "mute"), Is.EqualTo(200));
        Assert.That(call.IsMuted, Is.True);
        Assert.That(await OrderAsync(host, id, "unmute"), Is.EqualTo(200));
        Assert.That(call.IsMuted, Is.False);
        Assert.That(await OrderAsync(host, id, "hold"), Is.EqualTo(200));
        Assert.That(call.IsOnHold, Is.True);
        Assert.That(await OrderAsync(host, id, "resume"), Is.EqualTo(200));
        Assert.That(await OrderAsync(host, id, "digits", """ "digits":"12#" """), Is.EqualTo(200));
        Assert.That(await OrderAsync(host, id, "digits", """ "digits":"x" """), Is.EqualTo(400));
        Assert.That(await OrderAsync(host, id, "move", """ "room":"r2" """), Is.EqualTo(200));
        Assert.That(call.Info.RoomId, Is.EqualTo("r2"));
        Assert.That(await OrderAsync(host, id, "move", """ "room":"" """), Is.EqualTo(400));
        Assert.That(await OrderAsync(host, id, "fly"), Is.EqualTo(400));
        Assert.That(await OrderAsync(host, "nobody", "mute"), Is.EqualTo(404));

        Assert.That((await host.SendAsync(HttpMethod.Post, "api/hang-up-room", """{"room":"r1"}""")).Status, Is.EqualTo(404));
        Assert.That((await host.SendAsync(HttpMethod.Post, "api/hang-up-room", """{"room":"r2"}""")).Status, Is.EqualTo(200));
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.LocalHangup));
        Assert.That(await OrderAsync(host, id, "mute"), Is.EqualTo(404));
    }

    [TestCase("""{"kind":"user","to":"anna"}""", 400, "room")]
    [TestCase("""{"kind":"user","to":" ","room":"r"}""", 400, "whom to call")]
    [TestCase("""{"kind":"pigeon","to":"anna","room":"r"}""", 400, "user, a trunk or an address")]
    [TestCase("""{"kind":"address","to":"not an address","room":"r"}""", 400, "")]
    [TestCase("""{"kind":"user","to":"nobody","room":"r"}""", 409, "could not be made")]
    [TestCase("""{"kind":"trunk","trunk":"none","to":"1","room":"r"}""", 409, "could not be made")]
    public async Task CallThatCannotBeMade_IsSaidInASentence(string body, int status, string words)
    {
        await using var host = await DashboardHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Post, "api/dial", body);
        Assert.That(answer.Status, Is.EqualTo(status), answer.Body);
        var sentence = JsonDocument.Parse(answer.Body).RootElement.GetProperty("detail").GetString();
        Assert.That(sentence, Does.Contain(words).And.Not.Contain("Parameter"));
    }

    [Test]
    public async Task CallAndItsRecord_AreTold_WhileItGoesOnAndAfterItsEnd()
    {
        await using var host = await DashboardHost.StartAsync();
        var phone = await host.AddPhoneAsync("anna");
        await phone.CallAsync("r1");
        await DashboardHost.UntilAsync(() => host.Server.Calls.Any(static call => call.State == CallState.Answered), "a call");
        var call = host.Server.Calls.Single();
        await DashboardHost.UntilAsync(() => host.Server.TryGetReport(call.Id, out var now) && now.Messages.Count >= 3, "its ACK");
        var detail = await DetailAsync(host, call.Id);
        Assert.That(detail.GetProperty("state").GetString(), Is.EqualTo("answered"));
        Assert.That(detail.GetProperty("messages")[0].GetProperty("text").GetString(), Does.StartWith("INVITE "));
        Assert.That(detail.GetProperty("notes").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(detail.GetProperty("audio").GetProperty("codec").GetString(), Is.EqualTo("PCMA"));

        await call.HangUpAsync();
        await DashboardHost.UntilAsync(() => host.Server.Calls.Count == 0, "its end");
        detail = await DetailAsync(host, call.Id);
        Assert.That(detail.GetProperty("end").GetProperty("cause").GetString(), Is.EqualTo("local_hangup"));
        Assert.That(detail.GetProperty("end").GetProperty("outcome").GetString(), Is.EqualTo("ok"));
        Assert.That((await host.SendAsync(HttpMethod.Get, "api/calls/nobody")).Status, Is.EqualTo(404));
        Assert.That((await host.SendAsync(HttpMethod.Get, "api/calls/nobody/pcap")).Status, Is.EqualTo(404));
    }

    private static async Task<JsonElement> DetailAsync(DashboardHost host, string id)
    {
        var (status, body) = await host.SendAsync(HttpMethod.Get, $"api/calls/{id}");
        Assert.That(status, Is.EqualTo(200), body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<int> OrderAsync(DashboardHost host, string id, string command, string? more = null) =>
        (await host.SendAsync(HttpMethod.Post, $"api/calls/{id}", $$"""{"do":"{{command}}"{{(more is null ? "" : "," + more)}}}""")).Status;
}
