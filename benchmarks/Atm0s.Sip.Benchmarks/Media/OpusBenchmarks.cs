using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>
/// One frame of 20 ms at the default options (24 kbit/s, complexity 5), through each provider. The signal is voice-like and 2 s long, so
/// that the encoder works as in a call. Goal with libopus: what libopus itself takes, + 3 %, 0 B. Concentus: twice that, and garbage.
/// </summary>
[MemoryDiagnoser]
public class OpusBenchmarks
{
    private const int Frames = 100;

    private readonly short[] _signal = Voice.Make(960 * Frames);
    private readonly byte[][] _packets = new byte[Frames][];
    private readonly byte[] _packet = new byte[OpusPacket.MaxFrameBytes];
    private readonly short[] _pcm = new short[960];
    private IAudioEncoder _encoder = null!;
    private IAudioDecoder _decoder = null!;
    private int _frame;

    [Params("libopus", "Concentus")]
    public string Provider { get; set; } = "";

    /// <summary>5: in-band FEC is on but not used. 10, the default: it is used.</summary>
    [Params(5, 10)]
    public int ExpectedLossPercent { get; set; }

    [GlobalSetup]
    public void Make()
    {
        IOpusCodecProvider provider = Provider == "libopus" ? LibOpusCodecProvider.Instance : new ConcentusOpusCodecProvider();
        IAudioCodec codec = new OpusCodec(provider, new OpusEncoderOptions { ExpectedLossPercent = ExpectedLossPercent });
        _encoder = codec.CreateEncoder();
        _decoder = codec.CreateDecoder();
        for (var i = 0; i < Frames; i++)
        {
            var length = _encoder.Encode(_signal.AsSpan(i * 960, 960), _packet);
            _packets[i] = _packet[..length];
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    [Benchmark]
    public int Encode()
    {
        _frame = (_frame + 1) % Frames;
        return _encoder.Encode(_signal.AsSpan(_frame * 960, 960), _packet);
    }

    [Benchmark]
    public int Decode()
    {
        _frame = (_frame + 1) % Frames;
        return _decoder.Decode(_packets[_frame], _pcm);
    }
}
