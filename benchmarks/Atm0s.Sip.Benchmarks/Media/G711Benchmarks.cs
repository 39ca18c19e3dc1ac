using Atm0s.Sip.Media.Codecs.G711;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>One frame of 20 ms, 160 samples. Goal: encode 45 ns, decode 25 ns, 0 B.</summary>
[MemoryDiagnoser]
public class G711Benchmarks
{
    private readonly short[] _pcm = new short[160];
    private readonly byte[] _codes = new byte[160];

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var i = 0; i < _pcm.Length; i++)
            _pcm[i] = (short)(random.Next(-32768, 32768) >> random.Next(0, 10));
        random.NextBytes(_codes);
    }

    [Benchmark]
    public int ALawEncode() => ALaw.Encode(_pcm, _codes);

    [Benchmark]
    public int ALawDecode() => ALaw.Decode(_codes, _pcm);

    [Benchmark]
    public int MuLawEncode() => MuLaw.Encode(_pcm, _codes);

    [Benchmark]
    public int MuLawDecode() => MuLaw.Decode(_codes, _pcm);
}
