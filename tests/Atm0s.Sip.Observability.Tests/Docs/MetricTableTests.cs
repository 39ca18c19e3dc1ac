using System.Diagnostics.Metrics;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Hooks.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Observability.Tests.Docs;

/// <summary>Each instrument of a running server stands in docs/observability.md, and nothing else does.</summary>
public sealed class MetricTableTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Instruments_AreThoseOfThePage()
    {
        var seen = await InstrumentsAsync();
        var page = Page.Table("## Metrics")
            .Select(cells => (Name: Page.Plain(cells[0]), Kind: cells[1], Unit: Page.Plain(cells[2]), Meter: Page.Plain(cells[3]))).Order();

        Assert.That(seen, Has.Count.GreaterThan(50));
        Assert.That(page, Is.EqualTo(seen));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Names_AreLowerCase_AndUnitsAreNotInThem()
    {
        foreach (var (name, _, unit, _) in await InstrumentsAsync())
        {
            Assert.That(name, Does.Match("^atm0s\\.sip(\\.[a-z][a-z0-9_]*)+$"));
            Assert.That(name, Does.Not.EndWith("seconds").And.Not.EndsWith("_ms").And.Not.EndsWith("bytes_total"));
            Assert.That(unit, Does.Match("^(s|By|1|\\{[a-z]+\\})$"), name);
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Histograms_HaveBoundariesOfTheirOwn()
    {
        var advised = new Dictionary<string, int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument is Histogram<double> histogram && instrument.Meter.Name.StartsWith("Atm0s.Sip", StringComparison.Ordinal))
                advised[instrument.Name] = histogram.Advice?.HistogramBucketBoundaries?.Count ?? 0;
        };
        listener.Start();
        await using var host = await RunAsync();
        Assert.That(advised, Has.Count.GreaterThan(8));
        Assert.That(advised.Where(pair => pair.Value < 5).Select(pair => pair.Key), Is.Empty);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Meters_BelongToTheHost()
    {
        var foreign = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("Atm0s.Sip", StringComparison.Ordinal) && instrument.Meter.Scope is not IMeterFactory)
                foreign.Add(instrument.Name);
        };
        await using var host = await RunAsync();
        var names = SipTelemetry.MeterNames;
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.Start();

        Assert.That(foreign, Is.Empty, "made by a factory");
        Assert.That(names.Select(name => factory.Create(name)).Select(meter => meter.Scope), Has.All.SameAs(factory));
    }

    private static async Task<List<(string Name, string Kind, string Unit, string Meter)>> InstrumentsAsync()
    {
        var seen = new SortedSet<(string, string, string, string)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("Atm0s.Sip", StringComparison.Ordinal))
            {
                lock (seen)
                    seen.Add((instrument.Name, KindOf(instrument), instrument.Unit ?? "", instrument.Meter.Name));
            }
        };
        listener.Start();
        await using var host = await RunAsync();
        return [.. seen];
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        "Gauge" or "ObservableGauge" => "gauge",
        _ => "histogram",
    };

    // Everything that has instruments: both transports, rooms, the hook client.
    private static async Task<RunningHost> RunAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0").Listen("tcp://127.0.0.1:0").Realm = "test.local";
            (sip.Media.FirstPort, sip.Media.LastPort) = (24_200, 24_299);
        }).AddHttpHooks(hooks => hooks.Url = "http://127.0.0.1:1/hooks");
        var host = builder.Build();
        await host.StartAsync();
        // Made with its first question.
        foreach (var service in host.Services.GetServices<Sip.Hooks.IAuthProvider>())
            Assert.That(service, Is.Not.Null);
        return new RunningHost(host);
    }

    private sealed class RunningHost(IHost host) : IAsyncDisposable
    {
        public IServiceProvider Services => host.Services;

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
