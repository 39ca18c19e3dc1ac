namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>The encoder proper: splits 16 kHz audio into two bands and codes each pair of samples (ITU-T G.722 §3).</summary>
internal sealed class G722Analysis(SubBand low, SubBand high)
{
    private const int Chunk = 320;
    private const int Before = QuadratureMirrorFilter.Taps - 2;

    private readonly int[] _window = new int[Before + Chunk];

    /// <summary>Codes pairs of samples.</summary>
    /// <param name="pcm">At least two samples for each code.</param>
    /// <param name="codes">Receives the upper band in the first two bits of each octet, the lower band in the other six (§1.4.4).</param>
    public void Encode(ReadOnlySpan<short> pcm, Span<byte> codes)
    {
        while (!codes.IsEmpty)
        {
            var pairs = Math.Min(codes.Length, Chunk / 2);
            for (var i = 0; i < pairs * 2; i++)
                _window[Before + i] = pcm[i];
            for (var i = 0; i < pairs; i++)
            {
                var (even, odd) = QuadratureMirrorFilter.Apply(_window, i * 2);
                var lower = G722Quantizer.EncodeLow(low, (odd + even) >> 14);
                var upper = G722Quantizer.EncodeHigh(high, (odd - even) >> 14);
                codes[i] = (byte)((upper << 6) | lower);
            }

            _window.AsSpan(pairs * 2, Before).CopyTo(_window);
            pcm = pcm[(pairs * 2)..];
            codes = codes[pairs..];
        }
    }
}
