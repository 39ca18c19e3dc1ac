namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>An encoder of libopus.</summary>
internal sealed class LibOpusEncoder : OpusEncoderBase
{
    private readonly LibOpusEncoderHandle _handle;

    public LibOpusEncoder(OpusEncoderOptions options)
        : base(options)
    {
        _handle = LibOpus.CreateEncoder(OpusPacket.SampleRate, 1, (int)options.Application, out var error);
        if (error != 0 || _handle.IsInvalid)
        {
            _handle.Dispose();
            throw new InvalidOperationException($"libopus made no encoder: error {error}.");
        }

        Set(LibOpus.SetMaxBandwidth, (int)options.MaxBandwidth);
        Set(LibOpus.SetVbr, options.UseConstantBitrate ? 0 : 1);
        Set(LibOpus.SetDtx, options.UseDtx ? 1 : 0);
        Apply(Tuning);
    }

    protected override unsafe int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        fixed (short* samples = pcm)
        fixed (byte* bytes = output)
        {
            return LibOpus.Encode(_handle, samples, pcm.Length, bytes, output.Length);
        }
    }

    protected override void Apply(OpusTuning tuning)
    {
        Set(LibOpus.SetBitrate, tuning.Bitrate);
        Set(LibOpus.SetComplexity, tuning.Complexity);
        Set(LibOpus.SetInbandFec, tuning.UseInBandFec ? 1 : 0);
        Set(LibOpus.SetPacketLossPercent, tuning.ExpectedLossPercent);
    }

    protected override void Dispose(bool disposing) => _handle.Dispose();

    private void Set(int request, int value)
    {
        var error = LibOpus.Set(_handle, request, value);
        if (error == 0)
            return;
        _handle.Dispose();
        throw new InvalidOperationException($"libopus refused request {request} with {value}: error {error}.");
    }
}
