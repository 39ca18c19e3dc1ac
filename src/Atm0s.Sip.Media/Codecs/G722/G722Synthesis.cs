namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>The decoder proper: codes to two bands, joined into 16 kHz audio (ITU-T G.722 §4, mode 1).</summary>
internal sealed class G722Synthesis(SubBand low, SubBand high)
{
    private const int Chunk = 320;
    private const int Before = QuadratureMirrorFilter.Taps - 2;

    private readonly int[] _window = new int[Before + Chunk];

    /// <summary>Decodes octets.</summary>
    /// <param name="codes">Two samples each.</param>
    /// <param name="pcm">Receives them; what does not fit is dropped, but every code counts.</param>
    public void Decode(ReadOnlySpan<byte> codes, Span<short> pcm)
    {
        while (!codes.IsEmpty)
        {
            var pairs = Math.Min(codes.Length, Chunk / 2);
            for (var i = 0; i < pairs; i++)
            {
                var lower = G722Quantizer.DecodeLow(low, codes[i] & 0x3F);
                var upper = G722Quantizer.DecodeHigh(high, codes[i] >> 6);
                _window[Before + (i * 2)] = lower + upper;
                _window[Before + (i * 2) + 1] = lower - upper;
            }

            for (var i = 0; i < pairs && pcm.Length > 1; i++, pcm = pcm[2..])
            {
                var (even, odd) = QuadratureMirrorFilter.Apply(_window, i * 2);
                pcm[0] = Saturate(odd >> 11);
                pcm[1] = Saturate(even >> 11);
            }

            _window.AsSpan(pairs * 2, Before).CopyTo(_window);
            codes = codes[pairs..];
        }
    }

    private static short Saturate(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
