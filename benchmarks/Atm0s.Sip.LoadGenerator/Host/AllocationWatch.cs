using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>Samples what is allocated, by type: the runtime tells of about one object in each 100 kB.</summary>
internal sealed class AllocationWatch : EventListener
{
    private const EventKeywords Collector = (EventKeywords)1;
    private readonly ConcurrentDictionary<string, long> _bytes = new();

    /// <summary>The types since the last time, most first, each with its part of all.</summary>
    public string Take()
    {
        var all = _bytes.ToArray();
        _bytes.Clear();
        var sum = Math.Max(all.Sum(pair => pair.Value), 1);
        return string.Join("; ", all.OrderByDescending(pair => pair.Value).Take(40).Select(pair =>
            $"{pair.Key} {Culture.Text(pair.Value * 100.0 / sum)} %"));
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Collector);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true
            || eventData.Payload is not { Count: > 5 } payload)
            return;
        var amount = Convert.ToInt64(payload[3], Culture.Invariant);
        _bytes.AddOrUpdate(payload[5] as string ?? "?", amount, (_, sum) => sum + amount);
    }
}
