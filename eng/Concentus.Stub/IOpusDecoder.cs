namespace Concentus;

public interface IOpusDecoder : IDisposable
{
    int Decode(ReadOnlySpan<byte> in_data, Span<short> out_pcm, int frame_size, bool decode_fec = false);

    string GetVersionString();
}
