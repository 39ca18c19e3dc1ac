using System.Buffers;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>Which digits can be sent, and how long (RFC 4733 §3.2).</summary>
public static class DtmfDigits
{
    /// <summary>Most digits of one command.</summary>
    public const int MaxCount = 64;

    /// <summary>Shortest digit, and shortest pause after one: 40 ms.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromMilliseconds(40);

    /// <summary>Longest digit, and longest pause after one: 2 s.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(2);

    private static readonly SearchValues<char> Known = SearchValues.Create("0123456789*#ABCDabcd");

    /// <summary>Event code of a digit.</summary>
    /// <param name="digit">One of <c>0123456789*#ABCD</c>, or <c>abcd</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another character.</exception>
    public static byte EventOf(char digit) => digit switch
    {
        >= '0' and <= '9' => (byte)(digit - '0'),
        '*' => 10,
        '#' => 11,
        >= 'A' and <= 'D' => (byte)(digit - 'A' + 12),
        >= 'a' and <= 'd' => (byte)(digit - 'a' + 12),
        _ => throw new ArgumentOutOfRangeException(nameof(digit), "No digit."),
    };

    /// <summary>Refuses what can't be sent.</summary>
    /// <param name="digits">1 to 64 of <c>0123456789*#ABCD</c>.</param>
    /// <param name="duration">Length of each, 40 ms to 2 s.</param>
    /// <param name="gap">Pause after each, 40 ms to 2 s.</param>
    /// <exception cref="ArgumentException">Other characters, none, or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time out of range.</exception>
    public static void Check(string digits, TimeSpan duration, TimeSpan gap)
    {
        ArgumentException.ThrowIfNullOrEmpty(digits);
        if (digits.Length > MaxCount || digits.AsSpan().ContainsAnyExcept(Known))
            throw new ArgumentException($"Digits are 1 to {MaxCount} of 0123456789*#ABCD.", nameof(digits));
        if (duration < MinDuration || duration > MaxDuration)
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A digit lasts 40 ms to 2 s.");
        if (gap < MinDuration || gap > MaxDuration)
            throw new ArgumentOutOfRangeException(nameof(gap), gap, "The pause after a digit lasts 40 ms to 2 s.");
    }
}
