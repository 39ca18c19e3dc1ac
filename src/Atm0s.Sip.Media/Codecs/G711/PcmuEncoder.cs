namespace Atm0s.Sip.Media.Codecs.G711;

internal sealed class PcmuEncoder : IAudioEncoder
{
    public int SampleRate => 8000;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output) => output.Length < pcm.Length ? 0 : MuLaw.Encode(pcm, output);

    public void Dispose()
    {
    }
}
