using System.Numerics;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Looks at the eight frequencies in two windows of 15 ms that begin 5 ms apart: their powers tell the tones, and the turn of the phase
/// from one window to the other tells by how much each is off.
/// </summary>
internal sealed class DtmfSpectrum
{
    private const int Frequencies = 2 * DtmfFrequencies.Count;

    private readonly int _sampleRate;
    private readonly int _length;           // of a window
    private readonly float[] _window;
    private readonly float[][] _cosines = new float[Frequencies][];
    private readonly float[][] _sines = new float[Frequencies][];
    private readonly double _tonePower;     // from squared magnitude to the power of the windowed tone
    private readonly double _powerOfWindow; // mean of the squared window

    /// <summary>Makes the tables for a rate.</summary>
    public DtmfSpectrum(int sampleRate)
    {
        _sampleRate = sampleRate;
        _length = sampleRate / 1000 * 15;
        Hop = sampleRate / 1000 * 5;
        _window = new float[_length];
        for (var i = 0; i < _length; i++)
            _window[i] = (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / _length)));
        double sum = 0, squares = 0;
        foreach (var w in _window)
        {
            sum += w;
            squares += w * w;
        }

        _powerOfWindow = squares / _length;
        _tonePower = 2 / (sum * sum);
        for (var f = 0; f < Frequencies; f++)
        {
            _cosines[f] = new float[_length];
            _sines[f] = new float[_length];
            for (var i = 0; i < _length; i++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * DtmfFrequencies.All[f] * i / sampleRate);
                _cosines[f][i] = (float)cosine * _window[i];
                _sines[f][i] = (float)sine * _window[i];
            }
        }
    }

    /// <summary>Samples of 5 ms.</summary>
    public int Hop { get; }

    /// <summary>Samples of 20 ms, which both windows cover together.</summary>
    public int Block => _length + Hop;

    /// <summary>Looks at a block.</summary>
    /// <param name="block"><see cref="Block"/> samples.</param>
    public DtmfReading Read(ReadOnlySpan<float> block)
    {
        var first = block[.._length];
        var second = block.Slice(Hop, _length);
        var low = Strongest(first, second, 0);
        var high = Strongest(first, second, DtmfFrequencies.Count);
        return new DtmfReading(
            low.Index,
            high.Index - DtmfFrequencies.Count,
            low.Deviation,
            high.Deviation,
            new DtmfWindow(low.First, high.First, Power(first)),
            new DtmfWindow(low.Second, high.Second, Power(second)));
    }

    private (int Index, double Deviation, double First, double Second) Strongest(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, int from)
    {
        var (index, most) = (from, -1.0);
        var (a, b) = (Complex.Zero, Complex.Zero);
        for (var f = from; f < from + DtmfFrequencies.Count; f++)
        {
            var (x, y) = (Transform(first, f), Transform(second, f));
            var power = Square(x) + Square(y);
            if (power <= most)
                continue;
            (index, most, a, b) = (f, power, x, y);
        }

        // The tables begin anew with each window, so a tone that is exact has turned by its own frequency alone.
        var expected = 2 * Math.PI * DtmfFrequencies.All[index] * Hop / _sampleRate;
        var turned = Math.IEEERemainder((b * Complex.Conjugate(a)).Phase - expected, 2 * Math.PI);
        var offset = turned * _sampleRate / (2 * Math.PI * Hop); // Hz
        // Off its frequency, a tone shows weaker by the form of the window.
        var bins = Math.Abs(offset) * _length / _sampleRate;
        var seen = bins < 1e-3 ? 1 : Math.Sin(Math.PI * bins) / (Math.PI * bins * (1 - (bins * bins)));
        var scale = _tonePower / Math.Max(seen * seen, 0.1);
        return (index, offset / DtmfFrequencies.All[index], Square(a) * scale, Square(b) * scale);
    }

    private Complex Transform(ReadOnlySpan<float> samples, int frequency) =>
        new(Product(samples, _cosines[frequency]), -Product(samples, _sines[frequency]));

    private double Power(ReadOnlySpan<float> samples)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(samples[i..]) * new Vector<float>(_window, i);
            sum += x * x;
        }

        var power = (double)Vector.Sum(sum);
        for (; i < samples.Length; i++)
            power += samples[i] * samples[i] * _window[i] * _window[i];
        return power / (_length * _powerOfWindow);
    }

    private static double Product(ReadOnlySpan<float> samples, float[] table)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(samples[i..]) * new Vector<float>(table, i);
        var product = Vector.Sum(sum);
        for (; i < samples.Length; i++)
            product += samples[i] * table[i];
        return product;
    }

    private static double Square(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
