namespace Atm0s.Sip.Media.Dtmf;

/// <summary>The two tones of each key (ITU-T Q.23).</summary>
internal static class DtmfFrequencies
{
    /// <summary>Frequencies of a group.</summary>
    public const int Count = 4;

    private const string Keys = "123A456B789C*0#D";

    /// <summary>Of the rows, then of the columns, in Hz.</summary>
    public static readonly int[] All = [697, 770, 852, 941, 1209, 1336, 1477, 1633];

    /// <summary>The RMS of 16-bit samples at 0 dBm0: 3.14 dB below that of a sine at full scale (ITU-T G.711 §5, A-law).</summary>
    public static readonly double ZeroLevel = 32768 / Math.Sqrt(2) * Math.Pow(10, -3.14 / 20);

    /// <summary>The key of a row and a column, each 0 to 3.</summary>
    public static char KeyOf(int row, int column) => Keys[(row * Count) + column];

    /// <summary>The two frequencies of an event, 0 to 15 (RFC 4733 §3.2).</summary>
    public static (int Low, int High) Of(byte code)
    {
        var at = Keys.IndexOf("0123456789*#ABCD"[code], StringComparison.Ordinal);
        return (All[at / Count], All[Count + (at % Count)]);
    }
}
