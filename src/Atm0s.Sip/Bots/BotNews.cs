using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Bots;

/// <summary>
/// What a bot has not been told yet, in the order in which it happened; of more than there is room for the oldest is lost. That others talk
/// comes from the tick, which allocates nothing: only the last word on it is kept, with what had happened before.
/// </summary>
/// <param name="capacity">How much may wait.</param>
internal sealed class BotNews(int capacity)
{
    private readonly ConcurrentQueue<RoomBotEvent> _news = new();
    private long _added;
    private long _taken;
    private long _before;   // news older than the word on talking
    private int _talks = -1;    // 0 or 1; none

    /// <summary>Something happened. Any thread.</summary>
    public void Add(RoomBotEvent what)
    {
        _news.Enqueue(what);
        if (Interlocked.Increment(ref _added) - Volatile.Read(ref _taken) > capacity && _news.TryDequeue(out _))
            Interlocked.Increment(ref _taken);
    }

    /// <summary>Others have begun to talk, or have stopped. The tick.</summary>
    public void SetTalking(bool talks)
    {
        Volatile.Write(ref _before, Volatile.Read(ref _added));
        Volatile.Write(ref _talks, talks ? 1 : 0);
    }

    /// <summary>The next one. One thread at a time.</summary>
    public bool TryTake([MaybeNullWhen(false)] out RoomBotEvent what)
    {
        if (Volatile.Read(ref _talks) >= 0 && Volatile.Read(ref _taken) >= Volatile.Read(ref _before)
            && Interlocked.Exchange(ref _talks, -1) is >= 0 and var talks)
        {
            what = talks == 1 ? RoomBotEvent.Talking.Begun : RoomBotEvent.Talking.Over;
            return true;
        }

        if (!_news.TryDequeue(out what))
            return false;
        Interlocked.Increment(ref _taken);
        return true;
    }
}
