using Atm0s.Sip.Media.Codecs.Opus;
using Concentus;

namespace Atm0s.Sip.Media.Concentus;

/// <summary>An encoder of Concentus.</summary>
internal sealed class ConcentusEncoder : OpusEncoderBase
{
    private readonly IOpusEncoder _encoder;
    private readonly OpusBandwidth _maxBandwidth;

    public ConcentusEncoder(OpusEncoderOptions options)
        : base(options)
    {
        // The numbers of all enums are those of the Opus API.
        var application = (global::Concentus.Enums.OpusApplication)(int)options.Application;
        _encoder = OpusCodecFactory.CreateEncoder(OpusPacket.SampleRate, 1, application);
        _encoder.UseVBR = !options.UseConstantBitrate;
        _encoder.UseDTX = options.UseDtx;
        _maxBandwidth = options.MaxBandwidth;
        Apply(Tuning);
    }

    protected override int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        try
        {
            return _encoder.Encode(pcm, pcm.Length, output, output.Length);
        }
        // OpusException for example when the output is too small for any packet; of a foreign library on a media thread nothing may pass.
#pragma warning disable CA1031
        catch (Exception)
#pragma warning restore CA1031
        {
            return -1;
        }
    }

    protected override void Apply(OpusTuning tuning)
    {
        _encoder.Bitrate = tuning.Bitrate;
        _encoder.Complexity = tuning.Complexity;
        _encoder.UseInbandFEC = tuning.UseInBandFec;
        _encoder.PacketLossPercent = tuning.ExpectedLossPercent;
        // Only SILK carries in-band FEC (RFC 6716 §2.1.7). libopus goes down to wide band by itself to make room for it; Concentus stays in
        // full band at 24 kbit/s and sends none.
        var carriesFec = tuning is { UseInBandFec: true, ExpectedLossPercent: > 0 };
        var bandwidth = carriesFec && _maxBandwidth > OpusBandwidth.Wide ? OpusBandwidth.Wide : _maxBandwidth;
        _encoder.MaxBandwidth = (global::Concentus.Enums.OpusBandwidth)(int)bandwidth;
    }

    protected override void Rest() => _encoder.ResetState();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _encoder.Dispose();
    }
}
