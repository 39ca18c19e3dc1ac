using System.Collections.Immutable;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>
/// Who sits opposite the phone in its booth: says what is for the phone alone and, unless the booth is closed, what its room says. Its
/// other side, for which a <see cref="BoothDoor"/> stands in the room, is the phone. The ticks of both allocate nothing.
/// </summary>
internal sealed class BoothSeat : IPcmEndpoint
{
    private readonly FrameRing _toRoom;
    private readonly FrameRing _fromRoom;
    private readonly short[] _part;
    private readonly short[] _heard;
    private readonly int[] _sums;
    private float _limit = 1;
    private ImmutableArray<IPcmEndpoint> _sources = [];
    private ImmutableArray<IBoothTap> _taps = [];
    private volatile bool _isClosed;
    private volatile bool _isHeld;
    private volatile bool _isGone;

    /// <param name="rate">In Hz: 8000, 16000 or 48000.</param>
    public BoothSeat(int rate)
    {
        SampleRate = rate;
        _toRoom = new FrameRing(rate / 50);
        _fromRoom = new FrameRing(rate / 50);
        _part = new short[rate / 50];
        _heard = new short[rate / 50];
        _sums = new int[rate / 50];
    }

    public int SampleRate { get; }

    /// <summary>Whether phone and room do not hear each other.</summary>
    public bool IsClosed
    {
        get => _isClosed;
        set => _isClosed = value;
    }

    /// <summary>
    /// Whether the host holds the phone, which is elsewhere then: those who hear the call get silence, not what its room says meanwhile, and
    /// those who speak to it wait.
    /// </summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    public int SourceCount => _sources.Length;

    public void Add(IPcmEndpoint source) => ImmutableInterlocked.Update(ref _sources, static (all, one) => all.Add(one), source);

    public void Remove(IPcmEndpoint source) => ImmutableInterlocked.Update(ref _sources, static (all, one) => all.Remove(one), source);

    public void Add(IBoothTap tap) => ImmutableInterlocked.Update(ref _taps, static (all, one) => all.Add(one), tap);

    public void Remove(IBoothTap tap) => ImmutableInterlocked.Update(ref _taps, static (all, one) => all.Remove(one), tap);

    /// <summary>The phone is back in its room, where it speaks for itself.</summary>
    public void Leave() => _isGone = true;

    public bool Read(Span<short> frame)
    {
        // Taken from the ring in any case: a booth that opens again begins with what is said then.
        var isHeld = _isHeld;
        var isHeard = _fromRoom.TryRead(frame) && !_isClosed && !isHeld;
        if (!isHeard)
            frame.Clear();
        isHeard |= !isHeld && AddSources(frame);
        frame.CopyTo(_heard);
        return isHeard;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        _toRoom.Write(frame);
        foreach (var source in _sources)
            source.Write(frame);
        foreach (var tap in _taps)
            tap.OnFrame(frame, _heard);
    }

    /// <summary>The phone, as its room hears it.</summary>
    public bool ReadOutside(Span<short> frame) => _toRoom.TryRead(frame) && !_isClosed && !_isGone;

    /// <summary>What its room says.</summary>
    public void WriteOutside(ReadOnlySpan<short> frame) => _fromRoom.Write(frame);

    // Loud voices together are turned down, as in a room, not cut off.
    private bool AddSources(Span<short> frame)
    {
        var isHeard = false;
        for (var i = 0; i < _sums.Length; i++)
            _sums[i] = frame[i];
        foreach (var source in _sources)
        {
            (source as IRoomListener)?.HearRoom(frame);
            if (!source.Read(_part))
                continue;
            isHeard = true;
            for (var i = 0; i < _sums.Length; i++)
                _sums[i] += _part[i];
        }

        if (isHeard || _limit < 1)
            _limit = PeakLimiter.Process(_sums, _limit, frame);
        return isHeard;
    }
}
