using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>A decoder for each format that the peer may send (RFC 3264 §7 lets it change between them at any packet).</summary>
internal sealed class DecoderBank : IDisposable
{
    private readonly RtpFormat[] _formats;
    private readonly IAudioDecoder[] _decoders;

    public DecoderBank(IReadOnlyList<RtpFormat> formats)
    {
        _formats = [.. formats];
        _decoders = new IAudioDecoder[_formats.Length];
        for (var i = 0; i < _formats.Length; i++)
            _decoders[i] = _formats[i].Codec.CreateDecoder();
    }

    public int Count => _formats.Length;

    public IAudioDecoder this[int format] => _decoders[format];

    public IAudioCodec CodecOf(int format) => _formats[format].Codec;

    public int ClockRate(int format) => _formats[format].Codec.ClockRate;

    public int SampleRate(int format) => _decoders[format].SampleRate;

    /// <summary>Whether all decoders are of this library.</summary>
    public bool IsOurs => Array.TrueForAll(_decoders, IQuickDisposal.IsOurs);

    /// <summary>Whether two formats share one time line: the same clock and the same samples.</summary>
    public bool AreAlike(int a, int b) => a == b || (ClockRate(a) == ClockRate(b) && SampleRate(a) == SampleRate(b));

    /// <summary>Index of the format of this payload type, or -1.</summary>
    public int Find(byte payloadType)
    {
        for (var i = 0; i < _formats.Length; i++)
        {
            if (_formats[i].PayloadType == payloadType)
                return i;
        }

        return -1;
    }

    /// <summary>Whether concealment goes over into the noise of the background, which may fill pauses (RFC 6716 §2.1.9).</summary>
    public bool MakesNoise(int format) => IsOpus(format);

    /// <summary>Whether this payload carries a copy of the audio before it (RFC 6716 §2.1.7).</summary>
    public bool HasFec(int format, ReadOnlySpan<byte> payload) =>
        IsOpus(format) && OpusPacket.TryParse(payload, out var packet) && packet.HasFec;

    /// <summary>Whether to decode takes so long that it is not done for nobody; and what can be told of a packet without.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="payload">The packet.</param>
    /// <param name="samples">Its length.</param>
    /// <param name="voice">The encoder's flag; null when there is none.</param>
    public bool IsDear(int format, ReadOnlySpan<byte> payload, out int samples, out bool? voice)
    {
        (samples, voice) = (0, null);
        if (!IsOpus(format) || !OpusPacket.TryParse(payload, out var packet))
            return false;
        (samples, voice) = (packet.Samples, packet.HasVoice);
        return true;
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
            decoder.Dispose();
    }

    private bool IsOpus(int format) => string.Equals(_formats[format].Codec.Name, "opus", StringComparison.OrdinalIgnoreCase);
}
