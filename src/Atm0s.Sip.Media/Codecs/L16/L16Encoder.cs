namespace Atm0s.Sip.Media.Codecs.L16;

internal sealed class L16Encoder(int rate) : IAudioEncoder
{
    public int SampleRate => rate;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        if (output.Length / 2 < pcm.Length)
            return 0;
        NetworkSamples.Write(pcm, output);
        return pcm.Length * 2;
    }

    public void Dispose()
    {
    }
}
