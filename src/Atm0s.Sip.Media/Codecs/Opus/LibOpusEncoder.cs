namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// An encoder of libopus. It has a state of libopus only while there is something to encode: not before the first sound, and not in long
/// silence. One caller at a time, but for the end, which may come on any thread.
/// </summary>
internal sealed class LibOpusEncoder : OpusEncoderBase
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Ended = 2;

    private static readonly NativePool<LibOpusEncoderHandle> Voip = new(limit: 128);

    private readonly OpusEncoderOptions _options;
    private LibOpusEncoderHandle? _handle;
    private int _state;

    public LibOpusEncoder(OpusEncoderOptions options)
        : base(options)
    {
        _options = options;
    }

    /// <summary>Whether it has a state of libopus now.</summary>
    internal bool HasState => _handle is not null;

    protected override unsafe int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        if (!TryEnter())
            return -1;
        var written = -1;
        if ((_handle ??= Rent()) is { } handle)
        {
            fixed (short* samples = pcm)
            fixed (byte* bytes = output)
                written = LibOpus.Encode(handle, samples, pcm.Length, bytes, output.Length);
        }

        Leave();
        return written;
    }

    protected override void Apply(OpusTuning tuning)
    {
        if (!TryEnter())
            return;
        if (_handle is { } handle)
            Apply(handle, tuning);
        Leave();
    }

    protected override void Rest() => Release();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _state, Ended) == Idle)
            Release();
    }

    private static bool Apply(LibOpusEncoderHandle handle, OpusTuning tuning) =>
        LibOpus.Set(handle, LibOpus.SetBitrate, tuning.Bitrate) == 0
        & LibOpus.Set(handle, LibOpus.SetComplexity, tuning.Complexity) == 0
        & LibOpus.Set(handle, LibOpus.SetInbandFec, tuning.UseInBandFec ? 1 : 0) == 0
        & LibOpus.Set(handle, LibOpus.SetPacketLossPercent, tuning.ExpectedLossPercent) == 0;

    private bool TryEnter() => Interlocked.CompareExchange(ref _state, Busy, Idle) == Idle;

    // Whoever ended it meanwhile has left the handle to us.
    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Busy) != Busy)
            Release();
    }

    private LibOpusEncoderHandle? Rent()
    {
        var handle = _options.Application == OpusApplication.Voip ? Voip.TryRent() : null;
        if (handle is null)
        {
            handle = LibOpus.CreateEncoder(OpusPacket.SampleRate, 1, (int)_options.Application, out var error);
            if (error != 0 || handle.IsInvalid)
            {
                handle.Dispose();
                return null;
            }
        }

        if (LibOpus.Set(handle, LibOpus.SetMaxBandwidth, (int)_options.MaxBandwidth) == 0
            & LibOpus.Set(handle, LibOpus.SetVbr, _options.UseConstantBitrate ? 0 : 1) == 0
            & LibOpus.Set(handle, LibOpus.SetDtx, _options.UseDtx ? 1 : 0) == 0
            & Apply(handle, Effective))
            return handle;
        handle.Dispose();
        return null;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _handle, null) is not { } handle)
            return;
        if (_options.Application == OpusApplication.Voip && LibOpus.Reset(handle))
            Voip.Return(handle);
        else
            handle.Dispose();
    }
}
