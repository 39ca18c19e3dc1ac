namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>A decoder of libopus. It is made mono: libopus then mixes stereo packets down by itself.</summary>
internal sealed class LibOpusDecoder : OpusDecoderBase
{
    private readonly LibOpusDecoderHandle _handle;

    public LibOpusDecoder()
    {
        _handle = LibOpus.CreateDecoder(OpusPacket.SampleRate, 1, out var error);
        if (error == 0 && !_handle.IsInvalid)
            return;
        _handle.Dispose();
        throw new InvalidOperationException($"libopus made no decoder: error {error}.");
    }

    protected override int DecodeCore(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec) => DecodeUnchecked(payload, pcm, useFec);

    /// <summary>Hands the bytes to libopus as they are.</summary>
    internal unsafe int DecodeUnchecked(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec)
    {
        fixed (byte* data = payload) // null when empty, which is how libopus is asked to conceal
        fixed (short* samples = pcm)
        {
            var decoded = LibOpus.Decode(_handle, data, payload.Length, samples, pcm.Length, useFec ? 1 : 0);
            return decoded < 0 ? -1 : decoded;
        }
    }

    protected override void Dispose(bool disposing) => _handle.Dispose();
}
