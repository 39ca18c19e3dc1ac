using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>The quantizers of both bands (ITU-T G.722 §3.3, §3.4). Each moves the band on as the decoder will.</summary>
internal static class G722Quantizer
{
    /// <summary>Codes a sample of the lower band, and lets the band learn from it.</summary>
    /// <returns>Six bits.</returns>
    public static int EncodeLow(SubBand band, int sample)
    {
        // QUANTL
        var error = Math.Clamp(sample - band.Prediction, short.MinValue, short.MaxValue);
        var interval = Interval(error < 0 ? ~error : error, band.Scale);
        var code = error >= 0 ? 61 - interval : (interval < 2 ? 63 : 33) - interval;
        AdaptLow(band, code);
        return code;
    }

    /// <summary>Codes a sample of the upper band, and lets the band learn from it.</summary>
    /// <returns>Two bits.</returns>
    public static int EncodeHigh(SubBand band, int sample)
    {
        // QUANTH
        var error = Math.Clamp(sample - band.Prediction, short.MinValue, short.MaxValue);
        var outer = (error < 0 ? ~error : error) >= G722Tables.HighDecision * band.Scale >> 12;
        var code = (error < 0 ? 0 : 2) + (outer ? 0 : 1);
        DecodeHigh(band, code);
        return code;
    }

    /// <summary>The sample that six bits of the lower band stand for; the band learns from them.</summary>
    public static int DecodeLow(SubBand band, int code)
    {
        // INVQBL, LIMIT
        var sample = Limit(band.Prediction + (band.Scale * G722Tables.LowLevels[code] >> 15));
        AdaptLow(band, code);
        return sample;
    }

    /// <summary>The sample that two bits of the upper band stand for; the band learns from them.</summary>
    public static int DecodeHigh(SubBand band, int code)
    {
        // INVQAH, LIMIT
        var difference = band.Scale * G722Tables.HighLevels[code] >> 15;
        var sample = Limit(band.Prediction + difference);
        band.Adapt(difference, G722Tables.HighScaleSteps[code]);
        return sample;
    }

    // INVQAL: without the lowest two bits.
    private static void AdaptLow(SubBand band, int code)
    {
        var upper = code >> 2;
        band.Adapt(band.Scale * G722Tables.LowAdaptationLevels[upper] >> 15, G722Tables.LowScaleSteps[upper]);
    }

    // How many decision levels the magnitude reaches: all are compared at once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Interval(int magnitude, int scale)
    {
        ref var levels = ref MemoryMarshal.GetArrayDataReference(G722Tables.LowDecisions);
        uint reached = 0;
        for (var i = 0; i < 32; i += Vector256<int>.Count)
        {
            var level = (Vector256.LoadUnsafe(ref levels, (nuint)i) * Vector256.Create(scale)) >> 12;
            reached |= Vector256.LessThanOrEqual(level, Vector256.Create(magnitude)).ExtractMostSignificantBits() << i;
        }

        return BitOperations.PopCount(reached & G722Tables.LowDecisionMask);
    }

    private static int Limit(int sample) => Math.Clamp(sample, -16384, 16383);
}
