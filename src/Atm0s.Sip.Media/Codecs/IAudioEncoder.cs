namespace Atm0s.Sip.Media.Codecs;

/// <summary>Turns PCM of one sender into payloads. Holds the codec's state: one instance per stream, one caller at a time.</summary>
public interface IAudioEncoder : IDisposable
{
    /// <summary>Rate of the PCM taken by <see cref="Encode"/>, in Hz (8000, 16000 or 48000). Always mono.</summary>
    int SampleRate { get; }

    /// <summary>Encodes one packet.</summary>
    /// <param name="pcm">
    /// Mono samples at <see cref="SampleRate"/>: as many as the packet time of the settings it was made with. Codecs of single samples
    /// (G.711) take any number;
    /// Opus takes 2.5, 5, 10, 20, 40 or 60 ms.
    /// </param>
    /// <param name="output">Receives the payload; the caller owns it. 1275 bytes suffice for every codec of this library.</param>
    /// <returns>Bytes written to <paramref name="output"/>; 0 when the codec has nothing to send for this frame (DTX), or failed on
    /// it.</returns>
    int Encode(ReadOnlySpan<short> pcm, Span<byte> output);
}
