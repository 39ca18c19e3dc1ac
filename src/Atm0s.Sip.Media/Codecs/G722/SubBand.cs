using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>
/// What both ends know of one band: the adaptive predictor (ITU-T G.722 §3.6) and the scale of its quantizer (§3.5). They stay equal
/// because both learn from the codes alone. Whatever the codes are, every value stays in the range of the recommendation.
/// </summary>
internal sealed class SubBand
{
    private readonly int _maxLogScale;
    private readonly int _scaleShift;
    private int _logScale;
    private int _pole1;                 // with 14 fractional bits, as are all coefficients
    private int _pole2;
    private int _signal;                // reconstructed, twice its value
    private bool _negative1;            // signs of the part without poles, of the last sample and the one before
    private bool _negative2;
    private int _zeroPrediction;
    private Vector256<int> _zeros;      // six coefficients, newest first
    private Vector256<int> _differences; // six differences, twice their value

    private SubBand(int scale, int maxLogScale, int scaleShift)
    {
        Scale = scale;
        _maxLogScale = maxLogScale;
        _scaleShift = scaleShift;
    }

    /// <summary>What the next sample is expected to be (SL, SH).</summary>
    public int Prediction { get; private set; }

    /// <summary>The quantizer's scale factor (DETL, DETH).</summary>
    public int Scale { get; private set; }

    /// <summary>0 to 4 kHz.</summary>
    public static SubBand CreateLow() => new(32, 18432, 8);

    /// <summary>4 to 8 kHz.</summary>
    public static SubBand CreateHigh() => new(8, 22528, 10);

    /// <summary>Learns from one sample.</summary>
    /// <param name="difference">What the code stands for, against <see cref="Prediction"/>.</param>
    /// <param name="logStep">How the code moves the logarithm of the scale.</param>
    public void Adapt(int difference, int logStep)
    {
        // §3.5: LOGSCL, SCALEL and their like of the upper band.
        _logScale = Math.Clamp((_logScale * 127 >> 7) + logStep, 0, _maxLogScale);
        var power = G722Tables.Powers[(_logScale >> 6) & 31];
        var shift = _scaleShift - (_logScale >> 11);
        Scale = (shift < 0 ? power << -shift : power >> shift) << 2;

        AdaptPoles(difference);
        AdaptZeros(difference);
        var signal = Saturate((Prediction + difference) * 2);
        Prediction = Saturate(Saturate((_pole1 * signal >> 15) + (_pole2 * _signal >> 15)) + _zeroPrediction);
        _signal = signal;
    }

    // UPPOL2, UPPOL1: by the signs of the part of the signal that the zeros made.
    private void AdaptPoles(int difference)
    {
        var negative = _zeroPrediction + difference < 0;
        var same1 = negative == _negative1;
        var same2 = negative == _negative2;
        var slope = Math.Clamp(_pole1 * 4, -short.MaxValue, short.MaxValue); // its negative must fit too
        var pole2 = ((same1 ? -slope : slope) >> 7) + (same2 ? 128 : -128) + (_pole2 * 127 >> 7);
        _pole2 = Math.Clamp(pole2, -12288, 12288);
        var limit = 15360 - _pole2;
        _pole1 = Math.Clamp((same1 ? 192 : -192) + (_pole1 * 255 >> 8), -limit, limit);
        _negative2 = _negative1;
        _negative1 = negative;
    }

    // UPZERO, DELAYA, FILTEZ: six coefficients at once; the two lanes left over stay zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdaptZeros(int difference)
    {
        var lanes = Vector256.Create(-1, -1, -1, -1, -1, -1, 0, 0);
        var leaked = ((_zeros << 8) - _zeros) >> 8;
        if (difference != 0)
        {
            var opposite = (_differences ^ Vector256.Create(difference)) >> 31;
            leaked += ((Vector256.Create(128) ^ opposite) - opposite) & lanes;
        }

        _zeros = leaked;
        var moved = Vector256.Shuffle(_differences, Vector256.Create(7, 0, 1, 2, 3, 4, 5, 6)) & lanes;
        _differences = moved.WithElement(0, difference * 2);
        _zeroPrediction = Saturate(Vector256.Sum((_differences * _zeros) >> 15));
    }

    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
