using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip.Dashboard.Assets;
using Atm0s.Sip.Dashboard.Tests.Hosts;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>The files of the page: nothing foreign, nothing inline, kept by the browser until they change.</summary>
public sealed partial class PageFileTests
{
    private static IReadOnlyList<PageFile> Files => PageFiles.Load(new SipDashboardOptions { Title = "A <b>&\"title\"</b>" });

    [Test]
    public async Task EveryFile_HasTheStrictPolicy_AndIsNotSentAgain()
    {
        await using var host = await DashboardHost.StartAsync(keyed: true, server: new FakeServer(0));
        host.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var file in Files)
        {
            var path = file.Name == "index.html" ? "" : file.Name;
            using var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), file.Name);
            var type = response.Content.Headers.ContentType?.ToString();
            Assert.That(type, Is.EqualTo(file.ContentType).And.Not.Contains("octet"), file.Name);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.That(policy, Does.StartWith(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"));
            Assert.That(policy, Does.Not.Contain("unsafe").And.Not.Contain("http"));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));

            using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            again.Headers.TryAddWithoutValidation("If-None-Match", $"\"other\", W/{response.Headers.ETag}");
            using var kept = await host.Http.SendAsync(again);
            Assert.That(kept.StatusCode, Is.EqualTo(HttpStatusCode.NotModified), file.Name);
        }
    }

    [Test]
    public void ETag_ChangesWithTheFile()
    {
        var page = Files.Single(static file => file.Name == "index.html");
        var other = PageFiles.Load(new SipDashboardOptions()).Single(static file => file.Name == "index.html");
        Assert.That(other.ETag, Is.Not.EqualTo(page.ETag));
    }

    [Test]
    public void NoFile_NamesAForeignHost()
    {
        Assert.That(Files, Has.Count.GreaterThan(15));
        foreach (var file in Files)
        {
            // The namespace of SVG is a name, nobody asks for it.
            var text = System.Text.Encoding.UTF8.GetString(file.Body).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.That(Address().Matches(text).Select(static match => match.Value), Is.Empty, file.Name);
        }
    }

    [Test]
    public void NoScript_MakesMarkupOrCodeOutOfText()
    {
        foreach (var file in Files.Where(static file => file.Name.EndsWith(".js", StringComparison.Ordinal)))
        {
            var text = System.Text.Encoding.UTF8.GetString(file.Body);
            Assert.That(text, Does.Not.Match(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function"), file.Name);
        }
    }

    [Test]
    public void Page_HasNothingInline_AndItsTitleIsText()
    {
        var text = System.Text.Encoding.UTF8.GetString(Files.Single(static file => file.Name == "index.html").Body);
        Assert.That(text, Does.Not.Match("<style|style=|<script(?![^>]*src=)| on[a-z]+="));
        Assert.That(text, Does.Contain("<title>A &lt;b&gt;&amp;&quot;title&quot;&lt;/b&gt;</title>").And.Not.Contain("{{"));
    }

    [Test]
    public async Task PathWithoutSlash_LeadsToTheFolder_ByARelativeAddress()
    {
        await using var host = await DashboardHost.StartAsync(server: new FakeServer(0));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler);
        using var response = await http.GetAsync(new Uri(host.Page.ToString().TrimEnd('/')));
        Assert.That((int)response.StatusCode, Is.EqualTo(307));
        Assert.That(response.Headers.GetValues("Location").Single(), Is.EqualTo("./dashboard/"));
        using var followed = await host.Http.GetAsync(new Uri(host.Page.ToString().TrimEnd('/')));
        Assert.That(await followed.Content.ReadAsStringAsync(), Does.Contain("<!doctype html>"));
    }

    [GeneratedRegex("(https?:)?//[a-z0-9][a-z0-9-]*\\.[a-z]+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
