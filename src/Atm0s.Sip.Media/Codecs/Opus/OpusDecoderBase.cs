namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What every Opus decoder does around the decoding itself: checks, packets longer than the buffer, FEC, concealment.</summary>
public abstract class OpusDecoderBase : IAudioDecoder
{
    private const int ConcealStep = 120; // libraries conceal in units of 2.5 ms
    private short[]? _scratch;

    /// <inheritdoc/>
    public int SampleRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (!OpusPacket.TryParse(payload, out var packet)) return -1;
        if (packet.Samples <= pcm.Length) return DecodeCore(payload, pcm[..packet.Samples], useFec: false);

        var scratch = Scratch();
        var decoded = DecodeCore(payload, scratch.AsSpan(0, packet.Samples), useFec: false);
        if (decoded < 0) return -1;
        var kept = Math.Min(decoded, pcm.Length);
        scratch.AsSpan(0, kept).CopyTo(pcm);
        return kept;
    }

    /// <inheritdoc/>
    public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next)
    {
        // RFC 6716 §2.1.7: the copy replaces exactly one frame. For any other length it would be laid over the wrong audio.
        if (pcm.Length <= OpusPacket.MaxSamples && OpusPacket.TryParse(next, out var packet) && packet.HasFec
            && packet.FrameSamples == pcm.Length && DecodeCore(next, pcm, useFec: true) == pcm.Length)
        {
            return;
        }

        while (pcm.Length >= ConcealStep)
        {
            var length = Math.Min(pcm.Length - (pcm.Length % ConcealStep), OpusPacket.MaxSamples);
            if (DecodeCore(default, pcm[..length], useFec: false) != length) pcm[..length].Clear();
            pcm = pcm[length..];
        }

        if (pcm.IsEmpty) return;
        var last = Scratch().AsSpan(0, ConcealStep);
        if (DecodeCore(default, last, useFec: false) != ConcealStep) last.Clear();
        last[..pcm.Length].CopyTo(pcm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Decodes one packet, or conceals. Must not throw on any bytes.</summary>
    /// <param name="payload">A well-framed packet; empty to conceal <paramref name="pcm"/> whole.</param>
    /// <param name="pcm">As long as the packet, or as what is concealed: 120 to 5,760 samples.</param>
    /// <param name="useFec">Decode the copy of the frame before <paramref name="payload"/> instead of the packet.</param>
    /// <returns>Samples written, or -1.</returns>
    protected abstract int DecodeCore(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec);

    /// <summary>Releases the decoder.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    // Only for callers with odd buffers: made once, then kept.
    private short[] Scratch() => _scratch ??= new short[OpusPacket.MaxSamples];
}
