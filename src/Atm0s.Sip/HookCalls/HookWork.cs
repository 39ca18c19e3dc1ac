using Atm0s.Sip.Diagnostics.Tracing;

namespace Atm0s.Sip.HookCalls;

/// <summary>A piece of the host's code that is run for its effect.</summary>
/// <param name="work">The code.</param>
/// <param name="trace">The trace that it belongs to; null for none.</param>
/// <param name="onFailed">Gets what it throws.</param>
internal sealed class HookWork(Func<ValueTask> work, CallTrace? trace, Action<Exception> onFailed) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is through, also when it failed.</summary>
    public Task Done => _done.Task;

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            if (trace is not null)
                Spans.Enter(trace.CurrentFor(null));
            await work().ConfigureAwait(true);
        }
#pragma warning disable CA1031 // Whatever the host throws is logged, not propagated.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailed(exception);
        }
        finally
        {
            _done.SetResult();
        }
    }
}
