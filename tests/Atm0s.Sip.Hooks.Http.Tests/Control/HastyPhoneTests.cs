using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>A phone that refuses before the control API has answered whoever ordered the call.</summary>
public sealed class HastyPhoneTests
{
    [Test]
    public async Task PhoneThatRefusesBeforeTheAnswerIsWritten_WasCalled([Values(486, 603)] int status)
    {
        await using var control = await StartAsync();
        var session = await control.RegisterAsync(
            "bob", (_, _) => ValueTask.FromResult(status == 486 ? PhoneAnswer.Busy : PhoneAnswer.Decline));
        using var answer = await InviteAsync(control, session);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.StartWith("{\"status\":true,\"data\":{\"session_id\":\""));
    }

    [Test]
    public async Task PhoneThatIsNotRegistered_WasNot()
    {
        await using var control = await StartAsync();
        using var answer = await InviteAsync(control, "nobody");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("NOT_FOUND"));
    }

    private static Task<ControlHost> StartAsync() => ControlHost.StartAsync(
        services: services => services.AddSingleton(s => HastyServer.Of(s.GetRequiredService<SipServer>())));

    private static async Task<HttpResponseMessage> InviteAsync(ControlHost control, string session)
    {
        using var body = new StringContent(
            $$"""{"room_id":"room1","dest_session_id":"{{session}}","from_number":"alice"}""", Encoding.UTF8, "application/json");
        return await control.Http.PostAsync("/sip/invite/client", body);
    }
}
