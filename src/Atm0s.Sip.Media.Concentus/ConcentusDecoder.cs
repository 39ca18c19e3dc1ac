using Atm0s.Sip.Media.Codecs.Opus;
using Concentus;

namespace Atm0s.Sip.Media.Concentus;

/// <summary>A decoder of Concentus. It is made mono: stereo packets are then mixed down by itself.</summary>
internal sealed class ConcentusDecoder : OpusDecoderBase
{
    private readonly IOpusDecoder _decoder = OpusCodecFactory.CreateDecoder(OpusPacket.SampleRate, 1);

    protected override int DecodeCore(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec)
    {
        try
        {
            return _decoder.Decode(payload, pcm, pcm.Length, useFec);
        }
        // Concentus reports most bad packets by OpusException; a managed decoder fed junk may also run past an array. Either way
        // the packet is bad, and the next one starts afresh.
#pragma warning disable CA1031
        catch (Exception)
#pragma warning restore CA1031
        {
            return -1;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoder.Dispose();
    }
}
