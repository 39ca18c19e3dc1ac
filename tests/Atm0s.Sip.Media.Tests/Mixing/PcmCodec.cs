using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Samples as they are, at any rate.</summary>
internal sealed class PcmCodec(int rate) : IAudioCodec
{
    public string Name => "test";

    public int ClockRate => rate;

    public int Channels => 1;

    public int StaticPayloadType => -1;

    public int SampleRate => rate;

    public string? FormatParameters => null;

    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new Half(rate);

    public IAudioDecoder CreateDecoder() => new Half(rate);

    private sealed class Half(int rate) : IAudioEncoder, IAudioDecoder
    {
        public int SampleRate => rate;

        public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
        {
            var bytes = MemoryMarshal.AsBytes(pcm);
            if (bytes.Length > output.Length)
                return 0;
            bytes.CopyTo(output);
            return bytes.Length;
        }

        public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
        {
            var samples = MemoryMarshal.Cast<byte, short>(payload);
            samples = samples[..Math.Min(samples.Length, pcm.Length)];
            samples.CopyTo(pcm);
            return samples.Length;
        }

        public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => pcm.Clear();

        public void Dispose()
        {
        }
    }
}
