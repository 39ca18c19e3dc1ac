namespace Atm0s.Sip.Calls;

/// <summary>A command of the host on its way to the call's shard, or under way there. Completed once.</summary>
internal sealed class CallCommand(CallCommands owner)
{
    private readonly TaskCompletionSource<CallCommandResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CallCommandResult> Task => _done.Task;

    /// <summary>Says what became of it. Nothing happens when that has been said.</summary>
    public void Complete(CallCommandResult result)
    {
        if (_done.TrySetResult(result))
            owner.Remove(this);
    }
}
