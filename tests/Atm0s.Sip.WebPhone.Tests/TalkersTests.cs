using System.Net;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>Who talks, told to a page: to whom it is told, and how often at a time.</summary>
public sealed class TalkersTests
{
    // There are 1,000 streams for all: nobody takes them with one call.
    [Test]
    public async Task OneCall_HasFewStreams_AndOthersHaveTheirs()
    {
        await using var server = await Server.StartAsync();
        await using var first = await CallAsync(server, "1008");
        await using var second = await CallAsync(server, "1009");
        using var http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        });
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++)
            streams.Add(await AskAsync(server, http, "1008"));
        Assert.That(streams.Select(one => (int)one.StatusCode), Is.EqualTo([200, 200, 200, 200, 503]));
        using (var other = await AskAsync(server, http, "1009"))
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        streams.ForEach(one => one.Dispose());
        await Until.TrueAsync(
            async () =>
            {
                using var again = await AskAsync(server, http, "1008");
                return again.StatusCode == HttpStatusCode.OK;
            },
            "a stream that is closed leaves its place");
    }

    private static async Task<UdpPhone> CallAsync(Server server, string user)
    {
        var phone = new UdpPhone(user, server.Udp);
        var answer = await phone.InviteAsync("conf1", UdpPhone.Sdp(new IPEndPoint(IPAddress.Loopback, 4000), "8"));
        Assert.That(answer.Status, Is.EqualTo(200));
        return phone;
    }

    private static async Task<HttpResponseMessage> AskAsync(Server server, HttpClient http, string user)
    {
        var call = await server.AnsweredAsync(user);
        var place = new Uri(server.Address, $"/phone/talkers/{Uri.EscapeDataString(call.Info.SipCallId)}");
        return await http.GetAsync(place, HttpCompletionOption.ResponseHeadersRead);
    }
}
