namespace Atm0s.Sip.Calls.Booth;

/// <summary>
/// Frames on their way from one room to another, whose ticks are at other moments, or of other threads. One thread writes, one reads; none
/// waits. Who reads too early once finds a frame more from then on, and a frame that always waits is left out in time.
/// </summary>
/// <param name="frameLength">Samples of 20 ms.</param>
internal sealed class FrameRing(int frameLength)
{
    private const int Capacity = 4; // a power of two
    private const int Patience = 500; // frames: 10 s

    private readonly short[] _samples = new short[Capacity * frameLength];
    private long _written;
    private long _read;
    private int _tooMany;

    /// <summary>Appends a frame; one that finds no place is lost.</summary>
    public void Write(ReadOnlySpan<short> frame)
    {
        var written = _written;
        if (written - Volatile.Read(ref _read) >= Capacity)
            return;
        frame.CopyTo(Slot(written));
        Volatile.Write(ref _written, written + 1);
    }

    /// <summary>Takes the oldest frame.</summary>
    public bool TryRead(Span<short> frame)
    {
        var read = _read;
        var waiting = Volatile.Read(ref _written) - read;
        if (waiting == 0)
            return false;
        _tooMany = waiting > 2 ? _tooMany + 1 : 0;
        if (_tooMany > Patience)
            (_tooMany, read) = (0, read + 1);
        Slot(read).CopyTo(frame);
        Volatile.Write(ref _read, read + 1);
        return true;
    }

    private Span<short> Slot(long number) => _samples.AsSpan((int)(number & (Capacity - 1)) * frameLength, frameLength);
}
