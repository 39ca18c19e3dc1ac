using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// Bytes that may be kept for all connections of a listener together. One source has a share of them, and half-received messages have half
/// of them: who sends slowly on purpose takes nothing from those who are sent to. Any thread.
/// </summary>
/// <param name="max">The limit.</param>
internal sealed class ByteBudget(long max)
{
    /// <summary>The part of one source: so many of them use up everything.</summary>
    public const int Sources = 16;

    // What one source may always have, as far as there is so much: its largest messages, several at a time.
    private const long MinShare = 1024 * 1024;

    // Sources are counted by a hash with a secret: nothing has to be kept for each, and two seldom share a counter.
    private const int Counters = 1024;

    private readonly long _maxOfSource = Math.Min(max, Math.Max(max / Sources, MinShare));
    private readonly long[] _bySource = new long[Counters];
    private long _used;
    private long _received;

    /// <summary>Bytes in use.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>What a connection may take.</summary>
    /// <param name="source">Where it comes from; an IPv6 /64 is one source.</param>
    /// <param name="isReceived">Whether it is for what is half received, else for what waits to be sent.</param>
    public ByteShare ShareOf(IPAddress source, bool isReceived)
    {
        var key = SourceKey.Of(source);
        return new ByteShare(this, (int)((uint)HashCode.Combine(key.Value, key.IsIPv6) % Counters), isReceived);
    }

    /// <summary>Takes so many; false, and none, when there are not so many left.</summary>
    internal bool TryTake(int bytes, int source, bool isReceived)
    {
        if (!TryAdd(ref _bySource[source], bytes, _maxOfSource))
            return false;
        if (!isReceived || TryAdd(ref _received, bytes, max / 2))
        {
            if (TryAdd(ref _used, bytes, max))
                return true;
            if (isReceived)
                Interlocked.Add(ref _received, -bytes);
        }

        Interlocked.Add(ref _bySource[source], -bytes);
        return false;
    }

    /// <summary>Gives some back.</summary>
    internal void Return(int bytes, int source, bool isReceived)
    {
        Interlocked.Add(ref _used, -bytes);
        if (isReceived)
            Interlocked.Add(ref _received, -bytes);
        Interlocked.Add(ref _bySource[source], -bytes);
    }

    private static bool TryAdd(ref long counter, int bytes, long limit)
    {
        if (Interlocked.Add(ref counter, bytes) <= limit)
            return true;
        Interlocked.Add(ref counter, -bytes);
        return false;
    }
}
