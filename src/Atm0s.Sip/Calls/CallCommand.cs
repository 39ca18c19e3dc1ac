namespace Atm0s.Sip.Calls;

/// <summary>A command of the host on its way to the call's shard, or under way there. Completed once.</summary>
/// <param name="owner">Where it waits.</param>
/// <param name="whenEnded">What became of it when the call has ended before.</param>
/// <param name="outlivesCall">Whether the end of the call does not end it.</param>
internal sealed class CallCommand<TResult>(CallCommands owner, TResult whenEnded, bool outlivesCall) : ICallCommand
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _done.Task;

    public bool OutlivesCall => outlivesCall;

    /// <summary>Says what became of it. Nothing happens when that has been said.</summary>
    public void Complete(TResult result)
    {
        if (_done.TrySetResult(result))
            owner.Remove(this);
    }

    /// <summary>The call has ended before.</summary>
    public void End() => Complete(whenEnded);
}
