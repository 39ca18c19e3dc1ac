using Atm0s.Sip.Media.Codecs.Opus;
using Concentus;

namespace Atm0s.Sip.Media.Concentus;

/// <summary>An encoder of Concentus.</summary>
internal sealed class ConcentusEncoder : OpusEncoderBase
{
    private readonly IOpusEncoder _encoder;

    public ConcentusEncoder(OpusEncoderOptions options)
        : base(options)
    {
        // The numbers of both enums are those of the Opus API.
        var application = (global::Concentus.Enums.OpusApplication)(int)options.Application;
        _encoder = OpusCodecFactory.CreateEncoder(OpusPacket.SampleRate, 1, application);
        _encoder.UseVBR = true;
        _encoder.Bitrate = options.Bitrate;
        _encoder.Complexity = options.Complexity;
        _encoder.UseInbandFEC = options.UseInBandFec;
        _encoder.PacketLossPercent = options.ExpectedLossPercent;
        _encoder.UseDTX = options.UseDtx;
    }

    protected override int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        try
        {
            return _encoder.Encode(pcm, pcm.Length, output, output.Length);
        }
        catch (OpusException)
        {
            return -1; // for example: the output is too small for any packet
        }
    }

    protected override void SetExpectedLoss(int percent) => _encoder.PacketLossPercent = percent;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _encoder.Dispose();
    }
}
