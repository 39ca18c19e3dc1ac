using System.Collections.Concurrent;

namespace Atm0s.Sip.Calls;

/// <summary>
/// What the host commands a call, from any thread: carried out on the shard, one after the other. A shard that works no more leaves none of
/// them waiting.
/// </summary>
internal sealed class CallCommands(Call call)
{
    private ConcurrentDictionary<ICallCommand, bool>? _waiting;     // most calls are commanded nothing
    private volatile bool _isAbandoned;

    /// <summary>Runs a command that is done at once.</summary>
    /// <param name="command">What to do; on the shard.</param>
    /// <param name="whenEnded">The result when the call has ended before.</param>
    public Task<CallCommandResult> RunAsync(
        Func<CallCommandResult> command, CallCommandResult whenEnded = CallCommandResult.Ended) =>
        BeginAsync(
            waiting =>
            {
                // It may end the call itself, and has a result all the same.
                Remove(waiting);
                waiting.Complete(command());
            },
            whenEnded);

    /// <summary>Runs a command that takes its time.</summary>
    /// <param name="command">Begins it; on the shard.</param>
    /// <param name="whenEnded">The result when the call has ended before.</param>
    /// <param name="outlivesCall">Whether the end of the call is its own affair once it has begun.</param>
    public Task<TResult> BeginAsync<TResult>(Action<CallCommand<TResult>> command, TResult whenEnded, bool outlivesCall = false)
    {
        if (call.HasEnded)
            return Task.FromResult(whenEnded);
        var waiting = new CallCommand<TResult>(this, whenEnded, outlivesCall);
        LazyInitializer.EnsureInitialized(ref _waiting)[waiting] = true;
        if (_isAbandoned)
            waiting.End();
        call.Post(() =>
        {
            if (call.HasEnded)
            {
                waiting.End();
                return;
            }

            try
            {
                command(waiting);
            }
            catch
            {
                // The call ends by it.
                waiting.End();
                throw;
            }
        });
        return waiting.Task;
    }

    /// <summary>The call has ended: what still waits for something in it is answered.</summary>
    public void OnEnded()
    {
        foreach (var command in Waiting)
        {
            if (!command.OutlivesCall)
                command.End();
        }
    }

    /// <summary>The shard works no more.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        foreach (var command in Waiting)
            command.End();
    }

    public void Remove(ICallCommand command) => Volatile.Read(ref _waiting)?.TryRemove(command, out _);

    private ICollection<ICallCommand> Waiting => Volatile.Read(ref _waiting)?.Keys ?? [];
}
