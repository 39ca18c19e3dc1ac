namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>
/// Losses are concealed in the joined signal and leave both bands as they were: coding the concealed signal again to let them learn from it
/// was tried and brought nothing in the frame that follows.
/// </summary>
internal sealed class G722Decoder : IAudioDecoder
{
    private readonly G722Synthesis _synthesis = new(SubBand.CreateLow(), SubBand.CreateHigh());
    private readonly PacketLossConcealer _concealer = new(G722Encoder.Rate);

    public int SampleRate => G722Encoder.Rate;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (payload.IsEmpty)
            return -1;
        var count = Math.Min(payload.Length, pcm.Length / 2) * 2;
        _synthesis.Decode(payload, pcm[..count]);
        _concealer.Received(pcm[..count]);
        return count;
    }

    public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => _concealer.Conceal(pcm);

    public void Dispose()
    {
    }
}
