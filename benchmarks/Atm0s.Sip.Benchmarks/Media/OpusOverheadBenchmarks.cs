using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>One frame of 20 ms through our codec, beside the same frame through libopus itself. Goal: 3 % more at most.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class OpusOverheadBenchmarks
{
    private const int Frame = 960;
    private const int SetBitrate = 4002;
    private const int SetComplexity = 4010;

    private readonly short[] _voice = Voice.Make(100 * Frame);
    private readonly short[] _frame = new short[Frame];
    private readonly byte[] _packet = new byte[OpusPacket.MaxFrameBytes];
    private readonly short[] _pcm = new short[Frame];
    private readonly byte[][] _packets = new byte[100][];
    private OpusEncode _encode = null!;
    private OpusDecode _decode = null!;
    private nint _nativeEncoder;
    private nint _nativeDecoder;
    private IAudioEncoder _encoder = null!;
    private IAudioDecoder _decoder = null!;
    private int _next;

    private delegate nint CreateEncoder(int rate, int channels, int application, out int error);

    private delegate nint CreateDecoder(int rate, int channels, out int error);

    private delegate int Control(nint encoder, int request, int value);

    private delegate int OpusEncode(nint encoder, short[] pcm, int samples, byte[] packet, int size);

    private delegate int OpusDecode(nint decoder, byte[] packet, int length, short[] pcm, int samples, int fec);

    [GlobalSetup]
    public void Make()
    {
        var library = NativeLibrary.Load("libopus.so.0");
        _nativeEncoder = Get<CreateEncoder>(library, "opus_encoder_create")(48_000, 1, (int)OpusApplication.Voip, out _);
        _nativeDecoder = Get<CreateDecoder>(library, "opus_decoder_create")(48_000, 1, out _);
        var control = Get<Control>(library, "opus_encoder_ctl");
        control(_nativeEncoder, SetBitrate, 24_000);
        control(_nativeEncoder, SetComplexity, 5);
        _encode = Get<OpusEncode>(library, "opus_encode");
        _decode = Get<OpusDecode>(library, "opus_decode");
        var codec = new OpusCodec(LibOpusCodecProvider.Instance, new OpusEncoderOptions { UseInBandFec = false, ExpectedLossPercent = 0 });
        _encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        _decoder = codec.CreateDecoder();
        for (var i = 0; i < _packets.Length; i++)
            _packets[i] = _packet[..Encoded()];
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("Encode")]
    public int EncodeByLibOpusItself()
    {
        NextFrame();
        return _encode(_nativeEncoder, _frame, Frame, _packet, _packet.Length);
    }

    [Benchmark]
    [BenchmarkCategory("Encode")]
    public int Encoded()
    {
        NextFrame();
        return _encoder.Encode(_frame, _packet);
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("Decode")]
    public int DecodeByLibOpusItself()
    {
        var packet = _packets[_next++ % _packets.Length];
        return _decode(_nativeDecoder, packet, packet.Length, _pcm, Frame, 0);
    }

    [Benchmark]
    [BenchmarkCategory("Decode")]
    public int Decoded() => _decoder.Decode(_packets[_next++ % _packets.Length], _pcm);

    private static T Get<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private void NextFrame() => _voice.AsSpan(_next++ % 100 * Frame, Frame).CopyTo(_frame);
}
