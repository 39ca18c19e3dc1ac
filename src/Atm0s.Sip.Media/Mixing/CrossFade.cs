namespace Atm0s.Sip.Media.Mixing;

/// <summary>Goes over from one sound to another within the first half of a frame. Allocates nothing.</summary>
internal static class CrossFade
{
    /// <summary>Mixes.</summary>
    /// <param name="from">20 ms.</param>
    /// <param name="to">As many samples; the second half is this.</param>
    /// <param name="output">Receives them; may be either of both.</param>
    public static void Mix(ReadOnlySpan<short> from, ReadOnlySpan<short> to, Span<short> output)
    {
        var length = to.Length / 2;
        for (var i = 0; i < length; i++)
            output[i] = (short)(from[i] + ((to[i] - from[i]) * (i + 1) / length));
        to[length..].CopyTo(output[length..]);
    }
}
