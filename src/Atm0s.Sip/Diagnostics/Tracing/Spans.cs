using System.Diagnostics;

namespace Atm0s.Sip.Diagnostics.Tracing;

/// <summary>
/// Begins and ends spans without touching <see cref="Activity.Current"/>: a shard works for many calls in turn, and what one of them leaves
/// behind there would be the parent of the next. Any thread.
/// </summary>
internal static class Spans
{
    private static readonly ActivitySource _source = new(SipTelemetry.ActivitySourceName);

    /// <summary>Whether anybody wants to know; else nothing is made.</summary>
    public static bool AreWanted => _source.HasListeners();

    /// <summary>Begins a span; null when nobody wants it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parent">Its parent; the default begins a trace.</param>
    /// <param name="at">When it began.</param>
    public static Activity? Begin(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at)
    {
        var before = Activity.Current;
        Activity.Current = null;
        try
        {
            return _source.StartActivity(kind, parent, tags: null, links: null, at, name);
        }
        finally
        {
            Restore(before);
        }
    }

    /// <summary>Ends a span. The second time is nothing.</summary>
    /// <param name="span">The span.</param>
    /// <param name="at">When it ended.</param>
    public static void End(Activity span, DateTimeOffset at)
    {
        if (span.IsStopped)
            return;
        var before = Activity.Current;
        try
        {
            span.SetEndTime(at.UtcDateTime < span.StartTimeUtc ? span.StartTimeUtc : at.UtcDateTime);
            span.Stop();
        }
        finally
        {
            Restore(before);
        }
    }

    /// <summary>Makes a span the current one, for the host's code that is about to run here.</summary>
    /// <param name="span">The span; null for none.</param>
    /// <returns>What was current, for <see cref="Restore"/>.</returns>
    public static Activity? Enter(Activity? span)
    {
        var before = Activity.Current;
        Activity.Current = span is { IsStopped: false } ? span : null;
        return before;
    }

    /// <summary>Makes current what was so before.</summary>
    public static void Restore(Activity? before) => Activity.Current = before is { IsStopped: false } ? before : null;
}
