using System.Collections.ObjectModel;
using System.Diagnostics;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>What an exporter in memory fills from many threads.</summary>
internal sealed class ExportedSpans : Collection<Activity>
{
    private readonly Lock _lock = new();

    /// <summary>The spans so far.</summary>
    public List<Activity> Now
    {
        get
        {
            lock (_lock)
                return [.. Items];
        }
    }

    protected override void InsertItem(int index, Activity item)
    {
        lock (_lock)
            base.InsertItem(Count, item);
    }
}
