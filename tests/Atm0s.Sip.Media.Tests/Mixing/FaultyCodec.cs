using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>PCMA that throws, on command, from a part of it.</summary>
internal sealed class FaultyCodec : IAudioCodec
{
    public Fault Fault { get; set; }

    /// <summary>Parts that are made before making one throws; null for all.</summary>
    public int? CreatesBeforeFault { get; set; }

    public string Name => "PCMA";

    public int ClockRate => 8000;

    public int Channels => 1;

    public int StaticPayloadType => 8;

    public int SampleRate => 8000;

    public string? FormatParameters => null;

    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => Make();

    public IAudioDecoder CreateDecoder() => Make();

    private Half Make() => Fault.HasFlag(Fault.Create) || CreatesBeforeFault-- <= 0 ? throw new InvalidOperationException("create") : new Half(this);

    private sealed class Half(FaultyCodec codec) : IAudioEncoder, IAudioDecoder
    {
        private readonly IAudioDecoder _decoder = PcmaCodec.Instance.CreateDecoder();

        public int SampleRate => 8000;

        public int Encode(ReadOnlySpan<short> pcm, Span<byte> output) =>
            codec.Fault.HasFlag(Fault.Encode) ? throw new InvalidOperationException("encode") : ALaw.Encode(pcm, output);

        public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm) =>
            codec.Fault.HasFlag(Fault.Decode) ? throw new InvalidOperationException("decode") : _decoder.Decode(payload, pcm);

        public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => _decoder.Conceal(pcm, next);

        public void Dispose()
        {
            if (codec.Fault.HasFlag(Fault.Dispose))
                throw new InvalidOperationException("dispose");
        }
    }
}
