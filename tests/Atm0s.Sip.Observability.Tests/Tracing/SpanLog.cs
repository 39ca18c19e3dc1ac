using System.Diagnostics;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>Listens to the traces of the server and keeps the spans that have ended.</summary>
internal sealed class SpanLog : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly List<Activity> _ended = [];
    private readonly HashSet<Activity> _open = [];

    /// <param name="result">Whether spans are recorded.</param>
    public SpanLog(ActivitySamplingResult result = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SipTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
            ActivityStarted = span =>
            {
                lock (_ended)
                    _open.Add(span);
            },
            ActivityStopped = span =>
            {
                lock (_ended)
                {
                    _open.Remove(span);
                    _ended.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>All spans that have ended, in the order of their ends.</summary>
    public IReadOnlyList<Activity> Ended
    {
        get
        {
            lock (_ended)
                return [.. _ended];
        }
    }

    /// <summary>Names of those that have begun and not ended.</summary>
    public IReadOnlyList<string> Open
    {
        get
        {
            lock (_ended)
                return [.. _open.Select(span => span.OperationName)];
        }
    }

    /// <summary>The only span of a name.</summary>
    public Activity this[string name] => Ended.Single(span => span.OperationName == name);

    /// <summary>Names of the spans, in the order of their ends.</summary>
    public string Names => string.Join(' ', Ended.Select(span => span.OperationName));

    public void Dispose() => _listener.Dispose();
}
