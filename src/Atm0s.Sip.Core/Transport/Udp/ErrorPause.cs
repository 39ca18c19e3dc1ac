namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// How long a loop rests after an error: not after the first, then from 1 ms doubled up to a second. So an error that comes again and again
/// costs neither a processor nor the log.
/// </summary>
internal sealed class ErrorPause
{
    private const int LongestDoubling = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private int _errors;

    /// <summary>Something went well.</summary>
    public void Reset() => _errors = 0;

    /// <summary>An error more.</summary>
    /// <returns>How long to rest.</returns>
    public TimeSpan Next()
    {
        var doubling = _errors++ - 1;
        if (doubling < 0)
            return TimeSpan.Zero;
        _errors = Math.Min(_errors, LongestDoubling + 2);
        var pause = TimeSpan.FromMilliseconds(1 << Math.Min(doubling, LongestDoubling));
        return pause < Longest ? pause : Longest;
    }
}
