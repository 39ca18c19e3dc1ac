using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.MediaQuality.Streams;

/// <summary>A phone whose owner says nothing: it sends silence, which a bridge waits for before it believes in an address.</summary>
internal sealed class SilentTalker
{
    private readonly byte[] _payload;
    private readonly IAudioCodec _codec;
    private readonly uint _ssrc = 0x51;
    private int _index;

    /// <summary>Encodes silence once.</summary>
    public SilentTalker(IAudioCodec codec)
    {
        _codec = codec;
        using var encoder = codec.CreateEncoder();
        var output = new byte[1500];
        var length = 0;
        for (var i = 0; i < 10; i++) // Opus needs some frames to become small
            length = encoder.Encode(new short[encoder.SampleRate / 50], output);
        _payload = output[..length];
    }

    /// <summary>The next packet.</summary>
    public byte[] Next()
    {
        var packet = new byte[RtpHeader.Length + _payload.Length];
        RtpHeader.Write(packet, Codecs.PayloadType(_codec), _index == 0, (ushort)_index, (uint)(_index * _codec.ClockRate / 50), _ssrc);
        _payload.CopyTo(packet.AsSpan(RtpHeader.Length));
        _index++;
        return packet;
    }
}
