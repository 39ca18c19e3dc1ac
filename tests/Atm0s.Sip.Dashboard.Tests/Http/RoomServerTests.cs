using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using RoomServer;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>The dashboard of the sample server.</summary>
public sealed class RoomServerTests
{
    private static readonly string[] Base =
        ["--listen", "udp://127.0.0.1:0", "--rtp-ports", "45800-45819", "--http", "http://127.0.0.1:0", "--api-key", "0123456789abcdef"];

    [TestCase(true, 200)]
    [TestCase(false, 404)]
    public async Task Switch_ServesThePage(bool isOn, int status)
    {
        using var host = RoomServerHost.Create(Arguments.Parse(isOn ? [.. Base, "--dashboard"] : Base), TextWriter.Null);
        await RoomServerHost.StartAsync(host);
        using var http = new HttpClient();
        var url = ((WebApplication)host).Urls.First();
        using var page = await http.GetAsync(new Uri($"{url}/sip/dashboard/"));
        Assert.That((int)page.StatusCode, Is.EqualTo(status));
        using var data = await http.GetAsync(new Uri($"{url}/sip/dashboard/api/calls/x"));
        Assert.That((int)data.StatusCode, Is.EqualTo(isOn ? 401 : 404));
        await host.StopAsync();
    }

    [Test]
    public void SwitchWithoutHttp_IsRefused() =>
        Assert.That(() => Arguments.Parse(["--dashboard"]), Throws.InstanceOf<FormatException>().With.Message.Contains("--http"));
}
