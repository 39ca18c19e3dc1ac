using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>
/// Describes the noise of a pause by its level and up to ten reflection coefficients (RFC 3389). Each frame counts a quarter, what was
/// heard before it the rest, so that the noise does not change its colour with every description. One caller at a time; allocates nothing
/// after construction.
/// </summary>
public sealed class ComfortNoiseEncoder
{
    /// <summary>Octets of the longest description: the level and ten coefficients.</summary>
    public const int MaxLength = 1 + Order;

    private const int Order = 10;
    private const int Block = 480;
    private const double Share = 0.25;

    private readonly double[] _correlation = new double[Order + 1]; // of power 1
    private readonly double[] _lagWindow = new double[Order + 1];
    private double _power;
    private bool _heard;

    /// <summary>Makes an encoder.</summary>
    /// <param name="sampleRate">Rate of what <see cref="Encode"/> takes, in Hz: 8000, 16000 or 48000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another rate.</exception>
    public ComfortNoiseEncoder(int sampleRate)
    {
        if (sampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "8000, 16000 or 48000 Hz.");
        // Each peak of the spectrum gets at least 60 Hz wide, and nothing lies more than 40 dB below the whole.
        for (var lag = 0; lag <= Order; lag++)
            _lagWindow[lag] = Math.Exp(-0.5 * Math.Pow(2 * Math.PI * 60 * lag / sampleRate, 2));
        _lagWindow[0] = 1.0001;
    }

    /// <summary>Hears a frame of a pause, and describes the noise.</summary>
    /// <param name="pcm">The frame, of any length; an empty one changes nothing.</param>
    /// <param name="sid">
    /// Receives the payload. Its length limits how much is told: 11 octets hold everything, one only the level; when it is empty, the frame
    /// is heard all the same.
    /// </param>
    /// <returns>Octets written; 0 when <paramref name="sid"/> is empty or nothing was heard yet, 1 for silence.</returns>
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> sid)
    {
        Hear(pcm);
        if (sid.IsEmpty || !_heard)
            return 0;
        sid[0] = (byte)AudioLevel.FromEnergy(_power);
        if (sid[0] == AudioLevel.Silence)
            return 1;
        var order = Math.Min(sid.Length - 1, Order);
        WriteCoefficients(sid.Slice(1, order));
        return 1 + order;
    }

    private void Hear(ReadOnlySpan<short> pcm)
    {
        if (pcm.IsEmpty)
            return;
        var power = AudioLevel.SumOfSquares(pcm) / (double)pcm.Length;
        _power = _heard ? _power + ((power - _power) * Share) : power;
        Span<double> correlation = stackalloc double[Order + 1];
        correlation.Clear();
        for (var rest = pcm; !rest.IsEmpty; rest = rest[Math.Min(Block, rest.Length)..])
            Correlate(rest[..Math.Min(Block, rest.Length)], correlation);

        // By shape, not by power: a cough among the frames must not drown the others.
        var share = _correlation[0] > 0 ? Share : 1;
        for (var lag = Order; lag >= 0 && correlation[0] > 0; lag--)
            _correlation[lag] += ((correlation[lag] / correlation[0]) - _correlation[lag]) * share;
        _heard = true;
    }

    /// <summary>Adds the products of a block, faded in and out, with itself 0 to 10 samples later.</summary>
    private static void Correlate(ReadOnlySpan<short> pcm, Span<double> correlation)
    {
        Span<float> faded = stackalloc float[Block];
        faded = faded[..pcm.Length];
        var middle = (pcm.Length - 1) / 2f;
        for (var i = 0; i < pcm.Length; i++)
        {
            var off = (i - middle) / (middle + 1);
            faded[i] = pcm[i] * (1 - (off * off));
        }

        for (var lag = 0; lag < correlation.Length && lag < pcm.Length; lag++)
        {
            var sum = 0.0;
            for (var i = lag; i < faded.Length; i++)
                sum += faded[i] * faded[i - lag];
            correlation[lag] += sum;
        }
    }

    /// <summary>
    /// The recursion of Levinson and Durbin. Its coefficients have the sign of G.711 Appendix II: the first of low noise is below zero.
    /// </summary>
    private void WriteCoefficients(Span<byte> indices)
    {
        Span<double> predictor = stackalloc double[Order + 1];
        Span<double> before = stackalloc double[Order + 1];
        predictor.Clear();
        predictor[0] = 1;
        var error = _correlation[0] * _lagWindow[0];
        for (var m = 1; m <= indices.Length; m++)
        {
            var sum = 0.0;
            for (var i = 0; i < m; i++)
                sum += predictor[i] * _correlation[m - i] * _lagWindow[m - i];
            var k = error > 0 ? -sum / error : 0;
            predictor.CopyTo(before);
            for (var i = 1; i <= m; i++)
                predictor[i] = before[i] + (k * before[m - i]);
            error *= 1 - (k * k);
            indices[m - 1] = SilenceDescriptor.Index(k);
        }
    }
}
