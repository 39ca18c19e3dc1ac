using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Diagnostics.Tracing;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// The events of one call or session that wait, oldest first. There while something waits; used under the lock of its pump.
/// </summary>
/// <param name="run">Tells what is in it.</param>
internal sealed class EventLane<TEvent>(Action<EventLane<TEvent>> run) : IThreadPoolWorkItem
{
    /// <summary>Events that may wait for one call or session.</summary>
    public const int MaxWaiting = 1024;

    // An array that has grown for a slow observer is not kept for ever.
    private const int MaxKept = 16;

    private Item[] _ring = new Item[4];
    private int _head;

    /// <summary>Call or session id.</summary>
    public string Id { get; private set; } = "";

    public int Count { get; private set; }

    /// <summary>Whether something of this call or session has been lost.</summary>
    public bool HasLost { get; set; }

    /// <summary>It is of that call or session from now on.</summary>
    public void Open(string id)
    {
        Id = id;
        HasLost = false;
    }

    /// <summary>It is empty, and of nobody any more.</summary>
    public void Close()
    {
        Id = "";
        // The place in a larger array is none in a small one.
        if (_ring.Length > MaxKept)
            (_ring, _head) = (new Item[4], 0);
    }

    /// <summary>Appends. When too much waits, the oldest that can be spared makes room.</summary>
    /// <returns>False when one was lost for it.</returns>
    public bool Add(TEvent what, bool isDispensable, CallTrace? trace)
    {
        var isLossless = Count < MaxWaiting;
        if (!isLossless)
            DropOldest();
        if (Count == _ring.Length)
            Grow();
        At(Count++) = new Item(what, isDispensable, trace);
        return isLossless;
    }

    public bool TryTake([MaybeNullWhen(false)] out TEvent what, out CallTrace? trace)
    {
        if (Count == 0)
        {
            (what, trace) = (default, null);
            return false;
        }

        (what, trace) = (_ring[_head].Event, _ring[_head].Trace);
        _ring[_head] = default;
        _head = (_head + 1) % _ring.Length;
        Count--;
        return true;
    }

    void IThreadPoolWorkItem.Execute() => run(this);

    // The few at the front that can't be spared move on by one.
    private void DropOldest()
    {
        var at = 0;
        while (at < Count && !At(at).IsDispensable)
            at++;
        for (at = at == Count ? 0 : at; at > 0; at--)
            At(at) = At(at - 1);
        TryTake(out _, out _);
    }

    private ref Item At(int index) => ref _ring[(_head + index) % _ring.Length];

    private void Grow()
    {
        var larger = new Item[Math.Min(_ring.Length * 4, MaxWaiting)];
        for (var i = 0; i < Count; i++)
            larger[i] = At(i);
        (_ring, _head) = (larger, 0);
    }

    private readonly record struct Item(TEvent Event, bool IsDispensable, CallTrace? Trace);
}
