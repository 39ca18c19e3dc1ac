using System.Collections.Concurrent;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// The packets that an encoder makes of digital silence, kept for all encoders of one kind: who is alone in a room hears nothing else, and
/// Opus has as much work with it as with speech. Whichever encoder comes first writes them down. Any thread.
/// </summary>
internal sealed class OpusSilence
{
    /// <summary>Packets kept; after the last one the second half repeats. Decoded they differ by a step or two of 16 bits.</summary>
    public const int Packets = 64;

    // Kinds come from settings of the host and a few that a peer may choose; what is beyond encodes for itself.
    private const int MaxKinds = 64;

    private static readonly ConcurrentDictionary<Kind, OpusSilence> Known = new();

    private readonly Lock _gate = new();
    private readonly byte[][] _payloads = new byte[Packets][];
    private volatile int _count;

    /// <summary>The packets of a kind; null when too many kinds are known.</summary>
    public static OpusSilence? Of(Kind kind) =>
        Known.TryGetValue(kind, out var known) ? known : Known.Count < MaxKinds ? Known.GetOrAdd(kind, _ => new OpusSilence()) : null;

    /// <summary>Gives one of them.</summary>
    /// <param name="number">How many were given before since the silence began, at least 0.</param>
    /// <param name="output">Receives it.</param>
    /// <returns>Bytes written; 0 when it is not known yet, or does not fit.</returns>
    public int Copy(int number, Span<byte> output)
    {
        if (_count == Packets && number >= Packets)
            number = (Packets / 2) + (number % (Packets / 2));
        if (number >= _count || _payloads[number].Length > output.Length)
            return 0;
        _payloads[number].CopyTo(output);
        return _payloads[number].Length;
    }

    /// <summary>
    /// Writes down the next one, from an encoder that has been given nothing but silence. Nothing happens when all are known.
    /// </summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        if (_count == Packets)
            return;
        lock (_gate)
        {
            if (_count == Packets)
                return;
            _payloads[_count] = payload.ToArray();
            _count++;
        }
    }

    /// <summary>What the packets depend on, as far as it is not decided anew with each report of the peer.</summary>
    /// <param name="Encoder">Type of the encoder.</param>
    /// <param name="Options">How it encodes.</param>
    /// <param name="Samples">Of a packet.</param>
    internal readonly record struct Kind(Type Encoder, OpusEncoderOptions Options, int Samples);
}
