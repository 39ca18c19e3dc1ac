using System.Collections.Concurrent;

namespace Atm0s.Sip.Core.Messages;

/// <summary>Messages that wait to be used again. Bounded; what does not fit is left to the garbage collector.</summary>
internal static class SipMessagePool
{
    private const int Capacity = 1024;

    private static readonly ConcurrentQueue<SipMessage> Free = new();
    private static int _count;

    public static SipMessage Rent()
    {
        if (!Free.TryDequeue(out var message))
            return new SipMessage();
        Interlocked.Decrement(ref _count);
        return message;
    }

    public static void Return(SipMessage message)
    {
        if (!message.IsSmall || Volatile.Read(ref _count) >= Capacity)
            return;
        Interlocked.Increment(ref _count);
        Free.Enqueue(message);
    }
}
