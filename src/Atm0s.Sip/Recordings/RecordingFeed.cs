using Atm0s.Sip.Calls.Booth;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// Frames on their way from the tick to the disk. The tick copies and goes on; what finds no place is counted, and silence takes its place
/// in the file, so that length and alignment stay right. One thread writes, one reads.
/// </summary>
internal sealed class RecordingFeed : IPcmEndpoint, IBoothTap
{
    private const int WakeFrames = 10; // 200 ms

    private readonly short[] _samples;
    private readonly int[] _lostBefore;
    private readonly int[] _sums;   // of both directions, where they become one
    private readonly int _slot;
    private readonly int _channels;
    private readonly bool _mixes;
    private readonly Action _wake;
    private long _written;
    private long _read;
    private int _losing;    // since the last frame that found a place
    private long _lost;
    private bool _hasOpened;
    private float _limit = 1;
    private volatile bool _isPaused;
    private volatile bool _isOver;

    /// <param name="rate">In Hz: 8000, 16000 or 48000.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="mixes">Whether both directions of a call go into one channel.</param>
    /// <param name="maxWaiting">What may wait.</param>
    /// <param name="wake">Tells the writer that there is something to do.</param>
    public RecordingFeed(int rate, int channels, bool mixes, TimeSpan maxWaiting, Action wake)
    {
        SampleRate = rate;
        _channels = channels;
        _mixes = mixes;
        _slot = rate / 50 * channels;
        var frames = Math.Max(WakeFrames * 2, (int)(maxWaiting.TotalMilliseconds / 20));
        _samples = new short[frames * _slot];
        _lostBefore = new int[frames];
        _sums = new int[mixes ? rate / 50 : 0];
        _wake = wake;
    }

    public int SampleRate { get; }

    public int Channels => _channels;

    public TimeSpan Lost => TimeSpan.FromMilliseconds(20 * Volatile.Read(ref _lost));

    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Takes nothing more.</summary>
    public void End() => _isOver = true;

    /// <summary>A room is heard, and hears nothing.</summary>
    public bool Read(Span<short> frame) => false;

    public void Write(ReadOnlySpan<short> frame)
    {
        if (TryOpen(out var slot))
            frame.CopyTo(slot);
        Close();
    }

    public void OnFrame(ReadOnlySpan<short> said, ReadOnlySpan<short> heard)
    {
        if (TryOpen(out var slot) && _mixes)
        {
            for (var i = 0; i < said.Length; i++)
                _sums[i] = said[i] + heard[i];
            // Two loud voices are turned down, as in a room, not cut off.
            _limit = PeakLimiter.Process(_sums, _limit, slot);
        }
        else if (!slot.IsEmpty)
        {
            for (var i = 0; i < said.Length; i++)
                (slot[i * 2], slot[(i * 2) + 1]) = (said[i], heard[i]);
        }

        Close();
    }

    /// <summary>Takes the oldest frame. The writer.</summary>
    /// <param name="frame">20 ms, channels interleaved.</param>
    /// <param name="lostBefore">Frames that were lost before it.</param>
    public bool TryTake(Span<short> frame, out int lostBefore)
    {
        lostBefore = 0;
        if (_read == Volatile.Read(ref _written))
            return false;
        var at = (int)(_read % _lostBefore.Length);
        _samples.AsSpan(at * _slot, _slot).CopyTo(frame);
        lostBefore = _lostBefore[at];
        Volatile.Write(ref _read, _read + 1);
        return true;
    }

    private bool TryOpen(out Span<short> slot)
    {
        slot = default;
        if (_isPaused || _isOver)
            return false;
        if (_written - Volatile.Read(ref _read) >= _lostBefore.Length)
        {
            _losing++;
            Volatile.Write(ref _lost, _lost + 1);
            return false;
        }

        var at = (int)(_written % _lostBefore.Length);
        slot = _samples.AsSpan(at * _slot, _slot);
        _lostBefore[at] = _losing;
        _losing = 0;
        _hasOpened = true;
        return true;
    }

    private void Close()
    {
        if (!_hasOpened)
            return;
        _hasOpened = false;
        Volatile.Write(ref _written, _written + 1);
        if (_written - Volatile.Read(ref _read) >= WakeFrames)
            _wake();
    }
}
