using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// How long accepting rests after a failure. Out of descriptors or memory it fails again at once, and would fail a hundred thousand times a
/// second: then it waits, each time twice as long. Pure.
/// </summary>
internal struct AcceptPause
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _last;

    /// <summary>Whether it has failed and not succeeded since.</summary>
    public readonly bool IsPausing => _last > TimeSpan.Zero;

    /// <summary>Accepting failed.</summary>
    /// <param name="error">How.</param>
    /// <returns>How long to wait; zero when only the connection that was to be accepted is gone (accept(2)).</returns>
    public TimeSpan OnFailure(SocketError error)
    {
        if (error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted)
            return TimeSpan.Zero;
        _last = _last == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(2 * _last.Ticks, Longest.Ticks));
        return _last;
    }

    /// <summary>Accepting succeeded.</summary>
    /// <returns>Whether it had failed before.</returns>
    public bool OnSuccess()
    {
        var was = IsPausing;
        _last = TimeSpan.Zero;
        return was;
    }
}
