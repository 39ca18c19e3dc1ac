using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Control;

/// <summary>
/// Counts wrong keys by the address they come from, so that who guesses is slowed down and seen. A right key is not in the way of this,
/// for others may share the address, until there are so many wrong ones that none of it is looked at.
/// </summary>
/// <param name="timeProvider">Clock of the window.</param>
internal sealed class WrongKeys(TimeProvider timeProvider)
{
    /// <summary>How many of one address are answered at once in a window.</summary>
    public const int Free = 10;

    /// <summary>How many answers are held back at one time, of all addresses together.</summary>
    public const int MaxHeldBack = 64;

    /// <summary>How many of one address are compared in a window; after them no key from there is looked at, right or wrong.</summary>
    public const int MaxCompared = 600;

    private const int MaxSources = 10_000;
    private const int MaxLines = 10; // a second

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Count> _counts = [];
    private int _heldBack;
    private long? _swept;
    private long _second;
    private int _lines;

    /// <summary>How long the answer to a wrong key beyond <see cref="Free"/> is held back.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a key is compared; not when there were too many wrong ones from there in this window.</summary>
    /// <param name="source">Where it comes from; null counts as one source.</param>
    public bool MayCompare(IPAddress? source)
    {
        var key = Group(source);
        var now = timeProvider.GetTimestamp();
        lock (_lock)
        {
            if (TryFind(key, now, out var count))
                return count.Wrong < MaxCompared;
            // Those without a place of their own are many.
            return _counts.Count < MaxSources || !TryFind(IPAddress.None, now, out var others) || others.Wrong < MaxSources;
        }
    }

    /// <summary>Notes a wrong key.</summary>
    /// <param name="source">Where it came from; null counts as one source.</param>
    /// <returns>The how manieth of its source in this window, 1 or more.</returns>
    public int Note(IPAddress? source)
    {
        var key = Group(source);
        var now = timeProvider.GetTimestamp();
        lock (_lock)
        {
            if (!TryFind(key, now, out var count) && !HasRoomFor(key, now))
            {
                // Those that find no room are counted together.
                key = IPAddress.None;
                TryFind(key, now, out count);
            }

            count = count.Wrong == 0 ? new Count(now, 1) : count with { Wrong = count.Wrong + 1 };
            _counts[key] = count;
            return count.Wrong;
        }
    }

    /// <summary>Whether a line may be written about it: who comes from many addresses must not fill the disk.</summary>
    public bool TryLog()
    {
        var second = timeProvider.GetTimestamp() / timeProvider.TimestampFrequency;
        lock (_lock)
        {
            if (second != _second)
                (_second, _lines) = (second, 0);
            if (_lines == MaxLines)
                return false;
            _lines++;
            return true;
        }
    }

    /// <summary>Takes a place among the answers that are held back; false when there are enough.</summary>
    public bool TryHoldBack()
    {
        if (Interlocked.Increment(ref _heldBack) <= MaxHeldBack)
            return true;
        Release();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Release() => Interlocked.Decrement(ref _heldBack);

    private bool TryFind(IPAddress key, long now, out Count count)
    {
        if (_counts.TryGetValue(key, out count) && timeProvider.GetElapsedTime(count.Since, now) < Window)
            return true;
        count = default;
        return false;
    }

    // Looks through all at most once a window: a flood of new addresses would make each of them do it.
    private bool HasRoomFor(IPAddress key, long now)
    {
        if (_counts.Count < MaxSources || _counts.ContainsKey(key))
            return true;
        if (_swept is { } last && timeProvider.GetElapsedTime(last, now) < Window)
            return false;
        _swept = now;
        foreach (var (source, count) in _counts)
        {
            if (timeProvider.GetElapsedTime(count.Since, now) >= Window)
                _counts.Remove(source);
        }

        return _counts.Count < MaxSources;
    }

    // RFC 6177 §2: who has an IPv6 network has at least a /64 of addresses.
    private static IPAddress Group(IPAddress? source)
    {
        if (source is null)
            return IPAddress.None;
        if (source.IsIPv4MappedToIPv6)
            return source.MapToIPv4();
        if (source.AddressFamily != AddressFamily.InterNetworkV6)
            return source;
        Span<byte> bytes = stackalloc byte[16];
        source.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Count(long Since, int Wrong);
}
