using System.Collections.Concurrent;
using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// Pairs of ports: even for RTP, the odd one above for RTCP (RFC 3550 §11). The pair that has rested longest is taken first, and no call
/// is refused while a pair is free, however short it has rested: who takes one within <see cref="Rest"/> is told which stream may still
/// come to it. Callable from any thread; without locks, and in constant time beside the binds.
/// </summary>
internal sealed class MediaPortPool
{
    /// <summary>How long packets of an earlier call may still come.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>Pairs tried for one call; more that are taken by others in a row mean that the range is not ours.</summary>
    public const int MaxTries = 5;

    private readonly IMediaNetwork _network;
    private readonly TimeProvider _time;
    private readonly int _first;
    private readonly PortPairState[] _pairs;
    private readonly ConcurrentQueue<int> _rested = new(); // longest rested first
    private readonly ConcurrentStack<int> _untried = new(); // taken from there, but not worth a try at the time
    private int _inUse;

    /// <summary>Makes a pool.</summary>
    /// <param name="network">Where sockets come from.</param>
    /// <param name="firstPort">First port; rounded up to an even one.</param>
    /// <param name="lastPort">Last port, the RTCP port of the last pair or above.</param>
    /// <param name="time">Measures the rest.</param>
    /// <param name="start">Chooses the first pair, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range holds no pair, or leaves 1 to 65535.</exception>
    public MediaPortPool(IMediaNetwork network, int firstPort, int lastPort, TimeProvider time, double start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstPort, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastPort, 65535);
        _network = network;
        _time = time;
        _first = (firstPort + 1) & ~1;
        var pairs = (lastPort - _first + 1) / 2;
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1, nameof(lastPort));
        _pairs = new PortPairState[pairs];
        var offset = Math.Clamp((int)(start * pairs), 0, pairs - 1);
        for (var i = 0; i < pairs; i++)
            _rested.Enqueue((offset + i) % pairs);
    }

    /// <summary>Pairs in the range.</summary>
    public int Capacity => _pairs.Length;

    /// <summary>Pairs that are out.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>
    /// Takes the pair that has rested longest and is free in the operating system. Up to <see cref="MaxTries"/> are tried.
    /// </summary>
    /// <param name="address">Local address.</param>
    /// <param name="pair">
    /// The sockets, to be closed by the caller before <see cref="Return"/>; null unless the result is <see
    /// cref="MediaBindResult.Bound"/>.
    /// </param>
    /// <returns>
    /// Whether there is a pair, and if not, why: <see cref="MediaBindResult.PortUnavailable"/> also when all are in use here.
    /// </returns>
    public MediaBindResult TryTake(IPAddress address, out MediaPortPair? pair)
    {
        pair = null;
        var result = MediaBindResult.PortUnavailable;
        for (var i = 0; i < MaxTries && (_untried.TryPop(out var number) || _rested.TryDequeue(out number)); i++)
        {
            result = Bind(address, number, out pair);
            switch (result)
            {
                case MediaBindResult.Bound:
                    Volatile.Write(ref _pairs[number].InUse, 1);
                    Interlocked.Increment(ref _inUse);
                    return result;
                case MediaBindResult.PortUnavailable: // somebody else's: not to be tried again soon
                    _rested.Enqueue(number);
                    break;
                default:
                    _untried.Push(number);
                    return result;
            }
        }

        return result;
    }

    /// <summary>Gives a pair back, after its sockets were closed. Nothing happens for a pair that is not out.</summary>
    /// <param name="rtpPort">The even port.</param>
    /// <param name="heard">What was heard there last.</param>
    public void Return(int rtpPort, HeardStream heard)
    {
        var number = (rtpPort - _first) / 2;
        if (rtpPort < _first || number >= _pairs.Length || Interlocked.Exchange(ref _pairs[number].InUse, 0) == 0)
            return;
        Interlocked.Decrement(ref _inUse);
        (_pairs[number].Heard, _pairs[number].Since) = (heard, _time.GetTimestamp());
        _rested.Enqueue(number);
    }

    private MediaBindResult Bind(IPAddress address, int number, out MediaPortPair? pair)
    {
        pair = null;
        var result = _network.Bind(address, _first + (2 * number), out var rtp);
        if (result != MediaBindResult.Bound)
            return result;
        result = _network.Bind(address, _first + (2 * number) + 1, out var rtcp);
        if (result != MediaBindResult.Bound)
        {
            rtp!.Dispose();
            return result;
        }

        ref var state = ref _pairs[number];
        pair = new MediaPortPair(rtp!, rtcp!, _time.GetElapsedTime(state.Since) < Rest ? state.Heard : default);
        return result;
    }
}
