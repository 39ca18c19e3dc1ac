namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What every Opus decoder does around the decoding itself: checks, packets longer than the buffer, FEC, concealment.</summary>
public abstract class OpusDecoderBase : IAudioDecoder
{
    private const int ConcealStep = 120; // libraries conceal in units of 2.5 ms

    // Concealment of Opus decays to comfort noise and stays there, which bridges DTX (a packet every 400 ms, RFC 6716 §2.1.9).
    // When even that does not come the sender is gone: silence at 1 s.
    private const int FadeStart = OpusPacket.SampleRate * 400 / 1000;
    private const int FadeEnd = OpusPacket.SampleRate;

    private short[]? _scratch;
    private int _concealed;

    /// <inheritdoc/>
    public int SampleRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (!OpusPacket.TryParse(payload, out var packet))
            return -1;
        var fits = packet.Samples <= pcm.Length;
        var target = fits ? pcm[..packet.Samples] : Scratch().AsSpan(0, packet.Samples);
        var decoded = DecodeCore(payload, target, useFec: false);
        if (decoded < 0)
            return -1;
        _concealed = 0;
        if (fits)
            return decoded;
        var kept = Math.Min(decoded, pcm.Length);
        target[..kept].CopyTo(pcm);
        return kept;
    }

    /// <inheritdoc/>
    public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next)
    {
        // RFC 6716 §2.1.7: the copy replaces exactly one frame, the one before the packet. What is missing before that one has no copy.
        var copied = OpusPacket.TryParse(next, out var packet) && packet.HasFec && packet.FrameSamples <= pcm.Length ? packet.FrameSamples
            : 0;
        ConcealPlainly(pcm[..^copied]);
        if (copied == 0)
            return;
        if (DecodeCore(next, pcm[^copied..], useFec: true) == copied)
            _concealed = 0;
        else
            ConcealPlainly(pcm[^copied..]);
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

    private void ConcealPlainly(Span<short> pcm)
    {
        while (!pcm.IsEmpty)
        {
            var length = Math.Min(pcm.Length, OpusPacket.MaxSamples);
            ConcealPart(pcm[..length]);
            pcm = pcm[length..];
        }
    }

    private void ConcealPart(Span<short> pcm)
    {
        if (_concealed >= FadeEnd)
        {
            pcm.Clear();
            return;
        }

        var whole = pcm[..(pcm.Length - (pcm.Length % ConcealStep))];
        if (!whole.IsEmpty && DecodeCore(default, whole, useFec: false) != whole.Length)
            whole.Clear();
        var rest = pcm[whole.Length..];
        if (!rest.IsEmpty)
        {
            var step = Scratch().AsSpan(0, ConcealStep);
            if (DecodeCore(default, step, useFec: false) != ConcealStep)
                step.Clear();
            step[..rest.Length].CopyTo(rest);
        }

        for (var i = Math.Max(0, FadeStart - _concealed); i < pcm.Length; i++)
            pcm[i] = (short)(pcm[i] * Math.Max(0, FadeEnd - _concealed - i) / (FadeEnd - FadeStart));
        _concealed += pcm.Length;
    }

    // Only for callers with odd buffers: made once, then kept.
    private short[] Scratch() => _scratch ??= new short[OpusPacket.MaxSamples];
}
