using Atm0s.Sip.Media.Resampling;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>One frame of 20 ms. Goal: 4 us between 8 and 48 kHz, 0 B.</summary>
[MemoryDiagnoser]
public class ResampleBenchmarks
{
    private IResampler _resampler = null!;
    private short[] _input = [];
    private short[] _output = [];

    [Params("8->48", "48->8", "8->16", "16->8", "16->48", "48->16")]
    public string Rates { get; set; } = "";

    [GlobalSetup]
    public void Make()
    {
        var rates = Rates.Split("->").Select(r => int.Parse(r, System.Globalization.CultureInfo.InvariantCulture) * 1000).ToArray();
        _resampler = Resampler.Create(rates[0], rates[1]);
        _input = new short[rates[0] / 50];
        _output = new short[rates[1] / 50];
        var random = new Random(1);
        for (var i = 0; i < _input.Length; i++)
            _input[i] = (short)random.Next(-20_000, 20_000);
    }

    [Benchmark]
    public int Frame() => _resampler.Process(_input, _output);
}
