using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// States of libopus that no call uses: making one costs as much as encoding two frames, resetting one nearly nothing. Any thread.
/// </summary>
/// <param name="limit">How many are kept; more are freed.</param>
internal sealed class NativePool<T>(int limit)
    where T : SafeHandle
{
    private readonly ConcurrentStack<T> _free = new();
    private int _count;

    /// <summary>Gives one that has been reset; null when there is none.</summary>
    public T? TryRent()
    {
        if (!_free.TryPop(out var handle))
            return null;
        Interlocked.Decrement(ref _count);
        return handle;
    }

    /// <summary>Takes one back that nobody uses any more and that has been reset.</summary>
    public void Return(T handle)
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            _free.Push(handle);
            return;
        }

        Interlocked.Decrement(ref _count);
        handle.Dispose();
    }
}
