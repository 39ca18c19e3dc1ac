namespace Atm0s.Sip.Media.Codecs.L16;

internal sealed class L16Decoder(int rate) : IAudioDecoder
{
    private readonly PacketLossConcealer _concealer = new(rate);

    public int SampleRate => rate;

    /// <summary>Decodes all whole samples; half a sample at the end is dropped.</summary>
    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.Length < 2)
            return -1;
        var count = Math.Min(payload.Length / 2, pcm.Length);
        NetworkSamples.Read(payload[..(count * 2)], pcm);
        _concealer.Received(pcm[..count]);
        return count;
    }

    public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => _concealer.Conceal(pcm);

    public void Dispose()
    {
    }
}
