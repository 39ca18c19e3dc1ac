namespace Atm0s.Sip.Media.Codecs.G711;

internal sealed class PcmaEncoder : IAudioEncoder
{
    public int SampleRate => 8000;

    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output) => output.Length < pcm.Length ? 0 : ALaw.Encode(pcm, output);

    public void Dispose()
    {
    }
}
