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
            onFailed(exception);
        }
    }
}
