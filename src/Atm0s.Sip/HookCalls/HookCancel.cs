namespace Atm0s.Sip.HookCalls;

/// <summary>Cancels a handler's token: that runs what the handler has registered with it, which is the host's code.</summary>
/// <param name="token">What is cancelled.</param>
/// <param name="onFailed">Gets what that throws.</param>
internal sealed class HookCancel(CancellationTokenSource token, Action<Exception> onFailed) : IThreadPoolWorkItem
{
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            token.Cancel();
        }
#pragma warning disable CA1031 // Whatever the host throws is logged, not propagated.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Tell(exception);
        }
    }

    private void Tell(Exception exception)
    {
        try
        {
            onFailed(exception);
        }
#pragma warning disable CA1031 // A log that throws, too: it may be on a thread of the timers.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
