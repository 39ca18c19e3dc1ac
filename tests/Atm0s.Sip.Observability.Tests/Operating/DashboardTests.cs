using System.Text.Json;
using System.Text.RegularExpressions;
using Atm0s.Sip.Observability.Tests.Docs;

namespace Atm0s.Sip.Observability.Tests.Operating;

/// <summary>What the dashboard, the alerts and the page ask Prometheus for is what the server tells it.</summary>
public sealed partial class DashboardTests
{
    private HashSet<string> _told = null!;

    [OneTimeSetUp]
    public async Task OneTimeSetUp()
    {
        // A trunk that is not there, a call that talks and ends, one that ends with our BYE, one that nobody takes, and a wrong number.
        await using var run = await RoomServerRun.StartAsync(
            "--metrics", "--listen", "tcp://127.0.0.1:0", "--trunk", "carrier=sip:us:secret@127.0.0.1:9;transport=tcp", "--wait-timeout", "1");
        var (alice, bob) = (await run.PhoneAsync("alice"), await run.PhoneAsync("bob"));
        await bob.RegisterAsync();
        var call = await alice.CallAsync("open-1");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await RoomServerRun.UntilAsync(() => run.Server.Calls.First().GetStatistics() is { Mos: not null, RoundTrip: not null });
        await call.HangUpAsync();
        await run.Server.CallUserAsync("nowhere", "nobody", "1001");
        var second = await alice.CallAsync("open-2");
        Assert.That((await second.Answered).IsAnswered, Is.True);
        foreach (var up in run.Server.Calls)
            await up.HangUpAsync();
        await second.Ended;
        await RoomServerRun.UntilAsync(() => run.Server.Calls.Count == 0);
        var text = await run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        // A histogram is named without the endings of its series, too.
        _told = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').SelectMany(line => new[] { Name().Match(line).Value, Series().Replace(Name().Match(line).Value, "") })];
    }

    [Test]
    public void Dashboard_AsksForWhatIsThere()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Page.Root, "dashboards", "grafana.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)
            .ToList();

        Assert.That(queries, Has.Count.GreaterThan(20));
        Assert.That(Missing(queries), Is.Empty);
    }

    [Test]
    public void Alerts_AskForWhatIsThere()
    {
        var rules = File.ReadAllLines(Path.Combine(Page.Root, "dashboards", "prometheus-alerts.yml"))
            .Where(line => line.Trim().StartsWith("expr:", StringComparison.Ordinal)).ToList();

        Assert.That(rules, Has.Count.GreaterThan(10));
        Assert.That(Missing(rules), Is.Empty);
    }

    [Test]
    public void Page_AsksForWhatIsThere()
    {
        var queries = Page.Text.Split('\n').Where(line => Metric().IsMatch(line)).ToList();

        Assert.That(queries, Has.Count.GreaterThan(6));
        Assert.That(Missing(queries), Is.Empty);
    }

    private IEnumerable<string> Missing(IEnumerable<string> queries) =>
        queries.SelectMany(query => Metric().Matches(query)).Select(match => match.Value).Distinct().Where(name => !_told.Contains(name));

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Series();

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    [GeneratedRegex("atm0s_sip_[a-z0-9_]+")]
    private static partial Regex Metric();
}
