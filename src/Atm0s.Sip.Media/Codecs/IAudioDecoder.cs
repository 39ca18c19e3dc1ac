namespace Atm0s.Sip.Media.Codecs;

/// <summary>Turns payloads of one stream into PCM. Holds the codec's state: one instance per stream, one caller at a time.</summary>
public interface IAudioDecoder : IDisposable
{
    /// <summary>Rate of the PCM written, in Hz (8000, 16000 or 48000). Always mono.</summary>
    int SampleRate { get; }

    /// <summary>Decodes one payload. Never throws on bad bytes.</summary>
    /// <param name="payload">The RTP payload, any duration the codec allows (up to 120 ms).</param>
    /// <param name="pcm">Receives mono samples at <see cref="SampleRate"/>; the caller owns it. Samples that do not fit are
    /// dropped.</param>
    /// <returns>Samples written, or -1 when the payload is not valid for this codec (the caller conceals and counts).</returns>
    int Decode(ReadOnlySpan<byte> payload, Span<short> pcm);

    /// <summary>Fills <paramref name="pcm"/> completely in place of a lost payload, fading as losses follow each other.</summary>
    /// <param name="pcm">Mono samples at <see cref="SampleRate"/>, normally 20 ms.</param>
    /// <param name="next">
    /// The payload that directly follows <paramref name="pcm"/> when it is already here (in-band FEC, RFC 6716 §2.1.7), else empty. It is
    /// decoded afterwards all
    /// the same.
    /// </param>
    void Conceal(Span<short> pcm, ReadOnlySpan<byte> next);
}
