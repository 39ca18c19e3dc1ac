using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// Pairs of ports: even for RTP, the odd one above for RTCP (RFC 3550 §11). Round robin from a random start; a pair that was freed rests
/// for 5 s, so that packets still under way do not reach the next call. Callable from any thread.
/// </summary>
public sealed class MediaPortPool
{
    /// <summary>How long a freed pair rests.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(5);

    private const long Used = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly IMediaNetwork _network;
    private readonly TimeProvider _time;
    private readonly int _first;
    private readonly long[] _freeAt; // timestamp from which the pair may be taken
    private int _next;

    /// <summary>Makes a pool.</summary>
    /// <param name="network">Where sockets come from.</param>
    /// <param name="firstPort">First port; rounded up to an even one.</param>
    /// <param name="lastPort">Last port, the RTCP port of the last pair or above.</param>
    /// <param name="time">Measures the rest.</param>
    /// <param name="start">Chooses the first pair, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range holds no pair, or leaves 1 to 65535.</exception>
    public MediaPortPool(IMediaNetwork network, int firstPort, int lastPort, TimeProvider time, double start)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstPort, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lastPort, 65535);
        _network = network;
        _time = time;
        _first = (firstPort + 1) & ~1;
        var pairs = (lastPort - _first + 1) / 2;
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1, nameof(lastPort));
        _freeAt = new long[pairs];
        Array.Fill(_freeAt, long.MinValue);
        _next = Math.Clamp((int)(start * pairs), 0, pairs - 1);
    }

    /// <summary>Pairs in the range.</summary>
    public int Capacity => _freeAt.Length;

    /// <summary>Takes the next pair that is free here and in the operating system.</summary>
    /// <param name="address">Local address.</param>
    /// <param name="rtp">The even port.</param>
    /// <param name="rtcp">The odd port.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(IPAddress address, [NotNullWhen(true)] out IMediaSocket? rtp, [NotNullWhen(true)] out IMediaSocket? rtcp)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            for (var i = 0; i < _freeAt.Length; i++)
            {
                var pair = _next;
                _next = (_next + 1) % _freeAt.Length;
                if (_freeAt[pair] > now || !_network.TryBind(address, _first + (2 * pair), out rtp)) continue;
                if (_network.TryBind(address, _first + (2 * pair) + 1, out rtcp))
                {
                    _freeAt[pair] = Used;
                    return true;
                }

                rtp.Dispose();
            }
        }

        rtp = rtcp = null;
        return false;
    }

    /// <summary>Gives a pair back, after its sockets were closed.</summary>
    /// <param name="rtpPort">The even port.</param>
    public void Return(int rtpPort)
    {
        var pair = (rtpPort - _first) / 2;
        var until = _time.GetTimestamp() + (long)(Quarantine.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            if (pair >= 0 && pair < _freeAt.Length && _freeAt[pair] == Used) _freeAt[pair] = until;
        }
    }
}
