namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// A decoder of libopus. It is made mono: libopus then mixes stereo packets down by itself. It has a state of libopus from the first packet
/// on. One caller at a time, but for the end, which may come on any thread.
/// </summary>
internal sealed class LibOpusDecoder : OpusDecoderBase
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Ended = 2;

    private static readonly NativePool<LibOpusDecoderHandle> Pool = new(limit: 256);

    private LibOpusDecoderHandle? _handle;
    private int _state;

    protected override int DecodeCore(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec) => DecodeUnchecked(payload, pcm, useFec);

    /// <summary>Hands the bytes to libopus as they are.</summary>
    internal unsafe int DecodeUnchecked(ReadOnlySpan<byte> payload, Span<short> pcm, bool useFec)
    {
        if (Interlocked.CompareExchange(ref _state, Busy, Idle) != Idle)
            return -1;
        var decoded = -1;
        if (_handle is null && payload.IsEmpty)
        {
            // Nothing came so far that could be continued.
            pcm.Clear();
            decoded = pcm.Length;
        }
        else if ((_handle ??= Rent()) is { } handle)
        {
            fixed (byte* data = payload) // null when empty, which is how libopus is asked to conceal
            fixed (short* samples = pcm)
                decoded = LibOpus.Decode(handle, data, payload.Length, samples, pcm.Length, useFec ? 1 : 0);
        }

        // Whoever ended it meanwhile has left the state to us.
        if (Interlocked.CompareExchange(ref _state, Idle, Busy) != Busy)
            Release();
        return decoded < 0 ? -1 : decoded;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _state, Ended) == Idle)
            Release();
    }

    private static LibOpusDecoderHandle? Rent()
    {
        if (Pool.TryRent() is { } pooled)
            return pooled;
        var handle = LibOpus.CreateDecoder(OpusPacket.SampleRate, 1, out var error);
        if (error == 0 && !handle.IsInvalid)
            return handle;
        handle.Dispose();
        return null;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _handle, null) is not { } handle)
            return;
        if (LibOpus.Reset(handle))
            Pool.Return(handle);
        else
            handle.Dispose();
    }
}
