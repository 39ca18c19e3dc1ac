namespace Atm0s.Sip.Media.Codecs.G711;

internal sealed class PcmaDecoder : IAudioDecoder
{
    private readonly PacketLossConcealer _concealer = new(8000);

    public int SampleRate => 8000;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.IsEmpty)
            return -1;
        var count = Math.Min(payload.Length, pcm.Length);
        ALaw.Decode(payload[..count], pcm);
        _concealer.Received(pcm[..count]);
        return count;
    }

    public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => _concealer.Conceal(pcm);

    public void Dispose()
    {
    }
}
