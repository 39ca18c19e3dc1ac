namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>
/// Noise in place of a pause, at the level and of the colour that the sender described (RFC 3389). Level and colour follow a new
/// description within about 50 ms and without a step. One caller at a time; allocates nothing after construction.
/// </summary>
/// <remarks>
/// White noise runs through a lattice in its normalized form: each stage turns two signals by an angle, so that the power stays the same
/// whatever the coefficients are, also while they move, and no description can make it unstable.
/// </remarks>
public sealed class ComfortNoiseGenerator
{
    private const int Order = SilenceDescriptor.MaxOrder;
    private const double FullScale = 32768;
    private static readonly double Uniform = Math.Sqrt(12) / 4294967296.0; // evenly spread, of power 1

    private readonly int _step;                            // samples between two moves of level and colour
    private readonly double[] _targets = new double[Order];
    private readonly double[] _coefficients = new double[Order]; // k: the sine of a stage's angle
    private readonly double[] _cosines = new double[Order];
    private readonly double[] _backward = new double[Order];
    private double _targetLevel;
    private double _level;                                 // RMS
    private uint _seed = 0x9E3779B9;
    private int _untilMove;

    /// <summary>Silent until the first <see cref="Update"/>.</summary>
    /// <param name="sampleRate">Rate of what <see cref="Generate"/> makes, in Hz: 8000, 16000 or 48000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another rate.</exception>
    public ComfortNoiseGenerator(int sampleRate)
    {
        if (sampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "8000, 16000 or 48000 Hz.");
        _step = sampleRate / 1000;
        _cosines.AsSpan().Fill(1);
    }

    /// <summary>Takes a description. Any octets will do; an empty payload changes nothing.</summary>
    /// <param name="sid">The RTP payload: the level in -dBov, then any number of reflection coefficients, of which 12 are used.</param>
    public void Update(ReadOnlySpan<byte> sid)
    {
        if (sid.IsEmpty)
            return;
        // §3.1: 127 is the lowest level that can be told; it is taken for silence.
        var level = SilenceDescriptor.Level(sid);
        _targetLevel = level == 127 ? 0 : FullScale * Math.Pow(10, level / -20.0);
        var given = Math.Min(sid.Length - 1, Order);
        for (var i = 0; i < Order; i++)
            _targets[i] = i < given ? SilenceDescriptor.Coefficient(sid[1 + i]) : 0;
    }

    /// <summary>Makes noise.</summary>
    /// <param name="pcm">Is filled completely; any length.</param>
    public void Generate(Span<short> pcm)
    {
        for (var i = 0; i < pcm.Length; i++)
        {
            if (--_untilMove < 0)
                Move();
            pcm[i] = (short)Math.Clamp(Math.Round(_level * Next()), short.MinValue, short.MaxValue);
        }
    }

    /// <summary>A tenth of the way to what was asked for, every millisecond.</summary>
    private void Move()
    {
        _untilMove = _step - 1;
        _level += (_targetLevel - _level) * 0.1;
        for (var i = 0; i < Order; i++)
        {
            var k = _coefficients[i] + ((_targets[i] - _coefficients[i]) * 0.1);
            _coefficients[i] = k;
            _cosines[i] = Math.Sqrt(1 - (k * k));
        }
    }

    private double Next()
    {
        // A xorshift of 32 bits: it never gets to zero, and noise needs no better one.
        _seed ^= _seed << 13;
        _seed ^= _seed >> 17;
        _seed ^= _seed << 5;
        var forward = (int)_seed * Uniform;
        for (var i = Order - 1; i >= 0; i--)
        {
            var (sine, cosine, before) = (_coefficients[i], _cosines[i], _backward[i]);
            if (i < Order - 1)
                _backward[i + 1] = (sine * forward) + (cosine * before);
            forward = (cosine * forward) - (sine * before);
        }

        _backward[0] = forward;
        return forward;
    }
}
