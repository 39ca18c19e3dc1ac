using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Control;

/// <summary>
/// Counts wrong keys by the address they come from, so that who guesses is slowed down and seen. A right key is never in the way of this:
/// others may share the address.
/// </summary>
/// <param name="timeProvider">Clock of the window.</param>
internal sealed class WrongKeys(TimeProvider timeProvider)
{
    /// <summary>How many of one address are answered at once in a window.</summary>
    public const int Free = 10;

    /// <summary>How many answers are held back at one time, of all addresses together.</summary>
    public const int MaxHeldBack = 64;

    private const int MaxSources = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Count> _counts = [];
    private int _heldBack;

    /// <summary>How long the answer to a wrong key beyond <see cref="Free"/> is held back.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Notes a wrong key.</summary>
    /// <param name="source">Where it came from; null counts as one source.</param>
    /// <returns>The how manieth of its source in this window, 1 or more.</returns>
    public int Note(IPAddress? source)
    {
        var key = Group(source);
        var now = timeProvider.GetTimestamp();
        lock (_lock)
        {
            if (!_counts.TryGetValue(key, out var count) || timeProvider.GetElapsedTime(count.Since, now) >= Window)
            {
                if (!MakeRoomFor(key, now))
                    key = IPAddress.None; // Those that find no room are counted together.
                count = _counts.TryGetValue(key, out var shared) && timeProvider.GetElapsedTime(shared.Since, now) < Window
                    && key.Equals(IPAddress.None)
                    ? shared
                    : new Count(now, 0);
            }

            count = count with { Wrong = count.Wrong + 1 };
            _counts[key] = count;
            return count.Wrong;
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

    private bool MakeRoomFor(IPAddress key, long now)
    {
        if (_counts.Count < MaxSources || _counts.ContainsKey(key))
            return true;
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
