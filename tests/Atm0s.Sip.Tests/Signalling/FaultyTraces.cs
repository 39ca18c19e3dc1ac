using System.Diagnostics;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A listener of traces that throws when a certain span begins on the thread of the test, and so breaks a call at that point.</summary>
internal sealed class FaultyTraces : IDisposable
{
    private readonly ActivityListener _listener;

    /// <param name="throwsAt">Name of the span.</param>
    public FaultyTraces(string throwsAt)
    {
        var thread = Environment.CurrentManagedThreadId;
        // Other tests run beside this one, on threads of their own.
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SipTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                Environment.CurrentManagedThreadId == thread ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = span =>
            {
                if (IsArmed && span.OperationName == throwsAt && Environment.CurrentManagedThreadId == thread)
                    throw new InvalidOperationException("broken");
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Whether it throws now.</summary>
    public bool IsArmed { get; set; } = true;

    public void Dispose() => _listener.Dispose();
}
