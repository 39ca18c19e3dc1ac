using Atm0s.Sip.Server;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Health;

/// <summary>Looks at the parts of a running server. Any thread.</summary>
internal sealed class ServerHealth(ServerParts parts)
{
    /// <summary>A receiving thread that is in one turn for so long does not come back from it.</summary>
    public static readonly TimeSpan MaxTurn = TimeSpan.FromSeconds(5);

    /// <summary>A media thread ticks each 20 ms while it has a room; the watchdog gives up one that hangs after 3 s.</summary>
    public static readonly TimeSpan MaxTick = TimeSpan.FromSeconds(2);

    /// <summary>A certificate that ends so soon was not renewed, and nobody has looked at the log.</summary>
    public static readonly TimeSpan FewDays = TimeSpan.FromDays(7);

    // From here on a burst of calls may find none.
    private const double FewPorts = 0.9;

    private readonly StallWatch[] _media = [.. parts.Media.Engine.Threads.Select(_ => new StallWatch())];
    private readonly Dictionary<(int Listener, int Receiver), StallWatch> _receivers = [];

    /// <summary>Listeners are open, and what receives there is at work.</summary>
    public HealthReading Listeners()
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var problem = (string?)null;
        for (var i = 0; i < parts.Stack.Transports.Count; i++)
        {
            var transport = parts.Stack.Transports[i];
            var receivers = transport.Receivers;
            if (transport.ListenUri is not { } name)
                continue;
            var longest = TimeSpan.Zero;
            for (var k = 0; k < receivers.Count; k++)
            {
                var stalled = WatchOf(i, k).Look(receivers[k].Turns, receivers[k].IsInTurn, parts.Clock.Now);
                longest = stalled > longest ? stalled : longest;
                if (!receivers[k].IsAlive)
                    problem ??= $"nothing receives at {name} any more";
            }

            if (longest > MaxTurn)
                problem ??= $"what receives at {name} has been in one turn for {longest.TotalSeconds:0} s";
            data[name] = longest.TotalSeconds;
        }

        return problem is null && EndingCertificate(data) is { } ending
            ? new HealthReading(HealthStatus.Degraded, ending, data)
            : Of(problem, "all listeners receive", data);
    }

    private string? EndingCertificate(Dictionary<string, object> data)
    {
        var problem = (string?)null;
        foreach (var transport in parts.Stack.Transports)
        {
            if (transport.ListenUri is not { } name || transport.CertificateEnds is not { } end)
                continue;
            data[$"{name} certificate ends"] = end;
            var left = end - parts.Clock.TimeProvider.GetUtcNow();
            if (left < FewDays)
                problem ??= left > TimeSpan.Zero ? $"the certificate of {name} ends at {end:u}" : $"the certificate of {name} has ended at {end:u}";
        }

        return problem;
    }

    /// <summary>Media threads tick.</summary>
    public HealthReading MediaThreads()
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var problem = (string?)null;
        var threads = parts.Media.Engine.Threads;
        for (var i = 0; i < threads.Count; i++)
        {
            var stalled = _media[i].Look(threads[i].Ticks, threads[i].Rooms > 0, parts.Clock.Now);
            data[$"thread {i} seconds without a tick"] = stalled.TotalSeconds;
            data[$"thread {i} rooms"] = threads[i].Rooms;
            if (stalled > MaxTick)
                problem ??= $"media thread {i} has not ticked for {stalled.TotalSeconds:0} s; its {threads[i].Rooms} rooms are silent";
        }

        data["late ticks"] = parts.Media.Engine.Metrics.LateTicks;
        return Of(problem, "all media threads tick", data);
    }

    /// <summary>New calls are taken.</summary>
    public HealthReading Accepting() => new(
        parts.Router.IsDraining ? HealthStatus.Unhealthy : HealthStatus.Healthy,
        parts.Router.IsDraining ? "no new calls are taken: the server drains, or stops" : "calls are taken",
        new Dictionary<string, object>(StringComparer.Ordinal) { ["calls"] = parts.Calls.Count });

    /// <summary>Trunks that register are registered.</summary>
    public HealthReading Trunks()
    {
        var all = parts.Trunks.List();
        var failed = all.Where(trunk => trunk.State == TrunkState.Failed).ToList();
        return new HealthReading(
            failed.Count == 0 ? HealthStatus.Healthy : HealthStatus.Degraded,
            failed.Count == 0
                ? "all trunks can be used"
                : "not registered: " + string.Join(", ", failed.Select(trunk => $"{trunk.Name} ({trunk.StatusCode})")),
            all.ToDictionary(trunk => trunk.Name, object (trunk) => trunk.State.ToString(), StringComparer.Ordinal));
    }

    /// <summary>Opus can be offered, when it is to be.</summary>
    public HealthReading Opus()
    {
        var choice = parts.Media.Codecs.Opus;
        return new HealthReading(
            choice is { Provider: null } ? HealthStatus.Degraded : HealthStatus.Healthy,
            choice?.Explanation ?? "Opus is not wanted, or is the host's own",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["provider"] = choice?.Provider?.GetType().Name ?? "none" });
    }

    /// <summary>There are UDP ports for the audio of another call.</summary>
    public HealthReading Ports()
    {
        var (used, all) = (parts.Media.Engine.PortPairsInUse, parts.Media.Engine.PortPairs);
        var status = used >= all ? HealthStatus.Unhealthy : used >= FewPorts * all ? HealthStatus.Degraded : HealthStatus.Healthy;
        return new HealthReading(
            status,
            $"{used} of {all} pairs of ports are used" + (status == HealthStatus.Healthy ? "" : ": widen Media.FirstPort to Media.LastPort"),
            new Dictionary<string, object>(StringComparer.Ordinal) { ["used"] = used, ["limit"] = all });
    }

    /// <summary>Messages do not wait too long.</summary>
    public HealthReading Overload()
    {
        var shards = parts.Stack.Shards;
        var overloaded = shards.Count(shard => shard.IsOverloaded);
        return new HealthReading(
            overloaded == 0 ? HealthStatus.Healthy : HealthStatus.Degraded,
            overloaded == 0 ? "messages are worked on in time" : "messages wait too long: a part of the new requests is answered 503",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["shards"] = shards.Count, ["overloaded"] = overloaded });
    }

    private static HealthReading Of(string? problem, string otherwise, Dictionary<string, object> data) =>
        new(problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem ?? otherwise, data);

    private StallWatch WatchOf(int listener, int receiver)
    {
        lock (_receivers)
        {
            if (!_receivers.TryGetValue((listener, receiver), out var watch))
                _receivers[(listener, receiver)] = watch = new StallWatch();
            return watch;
        }
    }
}
