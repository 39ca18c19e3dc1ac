using System.Diagnostics.Metrics;
using Atm0s.Sip.Dashboard.Live;

namespace Atm0s.Sip.Dashboard.Tests.Live;

/// <summary>Limits and refusals, through the meters of the libraries.</summary>
[NonParallelizable]
public sealed class RefusalTests
{
    [Test]
    public void Limits_AreCounted_ByCase_WithTheirRate()
    {
        using var refusals = new Refusals();
        refusals.Start();
        using var meter = new Meter("Atm0s.Sip.Test");
        var limits = meter.CreateCounter<long>("atm0s.sip.test.limits", null, "Requests that met a limit, by limit.");
        refusals.Step(out _, out _);
        limits.Add(20, new KeyValuePair<string, object?>("limit", "source"));
        limits.Add(1, new KeyValuePair<string, object?>("limit", "user"));
        var rows = refusals.Step(out var refused, out _)!.Set.Where(static row => row.Counter == "atm0s.sip.test.limits").ToList();
        Assert.That(refused, Is.GreaterThanOrEqualTo(21));
        Assert.That(rows.Single(static row => row.Case == "source").Count, Is.EqualTo(20));
        Assert.That(rows.Single(static row => row.Case == "source").Rate, Is.EqualTo(20));
        for (var i = 0; i < 12; i++)
            refusals.Step(out _, out _);
        Assert.That(refusals.All.Set.Single(static row => row.Key == "atm0s.sip.test.limits/source").Rate, Is.Zero);
    }

    [Test]
    public void PolledCounters_OfSeveralServers_AreOneSum()
    {
        using var refusals = new Refusals();
        refusals.Start();
        using var one = new Meter("Atm0s.Sip.Test");
        using var two = new Meter("Atm0s.Sip.Test");
        one.CreateObservableCounter("atm0s.sip.test.dropped", static () => 5L);
        two.CreateObservableCounter("atm0s.sip.test.dropped", static () => 7L);
        refusals.Step(out _, out _);
        Assert.That(refusals.All.Set.Single(static row => row.Counter == "atm0s.sip.test.dropped").Count, Is.EqualTo(12));
    }

    [Test]
    public void Challenges_AndForeignMeters_AreNoRefusals()
    {
        using var refusals = new Refusals();
        refusals.Start();
        using var foreign = new Meter("Other");
        foreign.CreateCounter<long>("other.refused").Add(1);
        using var meter = new Meter("Atm0s.Sip.Test");
        var registrations = meter.CreateCounter<long>("atm0s.sip.registrations");
        registrations.Add(1, new KeyValuePair<string, object?>("status", 401));
        registrations.Add(1, new KeyValuePair<string, object?>("status", 200));
        var before = CountOf(refusals, "403");
        registrations.Add(1, new KeyValuePair<string, object?>("status", 403));
        refusals.Step(out _, out _);
        Assert.That(refusals.All.Set.Where(static row => row.Case is "401" or "200" || row.Counter == "other.refused"), Is.Empty);
        Assert.That(CountOf(refusals, "403"), Is.EqualTo(before + 1));
    }

    [Test]
    public void Cases_AreBounded()
    {
        using var refusals = new Refusals();
        refusals.Start();
        using var meter = new Meter("Atm0s.Sip.Test");
        var counter = meter.CreateCounter<long>("atm0s.sip.test.refused");
        for (var i = 0; i < 500; i++)
            counter.Add(1, new KeyValuePair<string, object?>("reason", $"r{i}"));
        refusals.Step(out _, out _);
        Assert.That(refusals.All.Set.Count(static row => row.Counter == "atm0s.sip.test.refused"), Is.EqualTo(64));
    }

    private static long CountOf(Refusals refusals, string which)
    {
        refusals.Step(out _, out _);
        return refusals.All.Set.FirstOrDefault(row => row.Key == $"atm0s.sip.registrations/{which}")?.Count ?? 0;
    }
}
