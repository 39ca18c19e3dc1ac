using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>Samples as they are, at any pair of clock and sample rate; counts what is asked of it.</summary>
internal sealed class LinearCodec(int clockRate, int sampleRate) : IAudioCodec
{
    public string Name => "linear";

    public int ClockRate => clockRate;

    public int Channels => 1;

    public int StaticPayloadType => -1;

    public int SampleRate => sampleRate;

    public string? FormatParameters => null;

    /// <summary>The only packet time it can do; null: any.</summary>
    public TimeSpan? OnlyPacketTime { get; init; }

    /// <summary>Whether frames of zeros are not sent.</summary>
    public bool HasDtx { get; init; }

    public int Encoders { get; private set; }

    public int Disposed { get; private set; }

    public AudioEncoderSettings? LastSettings { get; private set; }

    public TimeSpan ClosestPacketTime(AudioEncoderSettings settings) => OnlyPacketTime ?? AudioPacketTime.Floor(settings.PacketTime);

    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings)
    {
        Encoders++;
        LastSettings = settings;
        return new Encoder(this);
    }

    public IAudioDecoder CreateDecoder() => new Decoder(sampleRate);

    private sealed class Encoder(LinearCodec codec) : IAudioEncoder
    {
        public int SampleRate => codec.SampleRate;

        public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
        {
            // 8 bits, so that 60 ms at 16 kHz fit into a packet.
            if (output.Length < pcm.Length || (codec.HasDtx && pcm.IndexOfAnyExcept((short)0) < 0))
                return 0;
            for (var i = 0; i < pcm.Length; i++)
                output[i] = (byte)((pcm[i] + 128) >> 8);
            return pcm.Length;
        }

        public void Dispose() => codec.Disposed++;
    }

    private sealed class Decoder(int rate) : IAudioDecoder
    {
        public int SampleRate => rate;

        public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
        {
            for (var i = 0; i < payload.Length; i++)
                pcm[i] = (short)((sbyte)payload[i] << 8);
            return payload.Length;
        }

        public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => pcm.Clear();

        public void Dispose()
        {
        }
    }
}
