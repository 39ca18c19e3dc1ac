using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.MediaQuality.Signals;

namespace Atm0s.Sip.MediaQuality.Streams;

/// <summary>What a phone says: a signal, encoded into RTP packets of 20 ms, made once and sent to whoever is measured.</summary>
internal sealed class Talker
{
    /// <summary>Audio of a packet.</summary>
    public static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    private readonly byte[][] _packets;

    /// <summary>Encodes.</summary>
    /// <param name="codec">Codec of the phone.</param>
    /// <param name="signal">What it says, at 48 kHz.</param>
    /// <param name="ssrc">Its source.</param>
    public Talker(IAudioCodec codec, float[] signal, uint ssrc)
    {
        Codec = codec;
        using var encoder = codec.CreateEncoder();
        using var decoder = codec.CreateDecoder();
        var samples = LowPass.Change(signal, Speech.Rate, encoder.SampleRate);
        var frame = encoder.SampleRate / 50;
        var (pcm, output, heard) = (new short[frame], new byte[1500], new short[frame * 6]);
        var count = samples.Length / frame;
        var ideal = new float[count * frame];
        _packets = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < frame; k++)
                pcm[k] = (short)Math.Clamp(Math.Round(samples[(i * frame) + k] * 32768), short.MinValue, short.MaxValue);
            var length = encoder.Encode(pcm, output.AsSpan(RtpHeader.Length));
            RtpHeader.Write(output, Codecs.PayloadType(codec), i == 0, (ushort)i, (uint)(i * codec.ClockRate / 50), ssrc);
            _packets[i] = output[..(RtpHeader.Length + length)];
            var decoded = decoder.Decode(output.AsSpan(RtpHeader.Length, length), heard);
            for (var k = 0; k < frame; k++)
                ideal[(i * frame) + k] = k < decoded ? heard[k] / 32768f : 0;
        }

        Ideal = LowPass.Change(ideal, encoder.SampleRate, Speech.Rate);
    }

    /// <summary>Codec of the phone.</summary>
    public IAudioCodec Codec { get; }

    /// <summary>What is heard of it when no packet is lost or late, at 48 kHz: what the bridge is measured against.</summary>
    public float[] Ideal { get; }

    /// <summary>Packets it sends.</summary>
    public int Count => _packets.Length;

    /// <summary>One of them.</summary>
    public ReadOnlyMemory<byte> Packet(int index) => _packets[index];
}
