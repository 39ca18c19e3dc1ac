using System.Numerics;

namespace Atm0s.Sip.Media.Audio;

/// <summary>How alike two stretches of audio are.</summary>
internal static class Similarity
{
    /// <summary>The sum of the products, and the energy of <paramref name="b"/>; both spans are equally long.</summary>
    public static (float Product, float Energy) Correlate(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var product = Vector<float>.Zero;
        var energy = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var y = new Vector<float>(b[i..]);
            product += new Vector<float>(a[i..]) * y;
            energy += y * y;
        }

        var (p, e) = (Vector.Sum(product), Vector.Sum(energy));
        for (; i < a.Length; i++)
        {
            p += a[i] * b[i];
            e += b[i] * b[i];
        }

        return (p, e);
    }

    public static float Energy(ReadOnlySpan<float> a) => Correlate(a, a).Energy;

    /// <summary>Copies samples into floats.</summary>
    public static void Widen(ReadOnlySpan<short> from, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = from[i];
    }
}
