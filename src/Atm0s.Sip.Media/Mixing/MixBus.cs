namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The mix of one rate: the sum of all who speak, and of it for each listener what the others say, limited to 16 bits. A single speaker is
/// passed on
/// as he is. Media thread only; allocates nothing in a tick.
/// </summary>
internal sealed class MixBus(int rate)
{
    private readonly int[] _sum = new int[rate / 50];
    private readonly int[] _others = new int[rate / 50];
    private readonly short[] _mix = new short[rate / 50];
    private readonly short[] _all = new short[rate / 50];
    private readonly short[] _silence = new short[rate / 50];
    private MixLane? _first;
    private MixLane? _second;
    private int _speakers;
    private bool _hasAll;           // _all is of this tick
    private float _allGain = 1;     // of the limiter, at the end of _all
    private float _allGainBefore = 1;

    /// <summary>Rate of the mix, in Hz.</summary>
    public int Rate => rate;

    /// <summary>Begins a tick.</summary>
    public void Begin()
    {
        if (_speakers > 0)
            Array.Clear(_sum);
        _first = _second = null;
        _speakers = 0;
        // When nobody has heard all of the last tick, there is nothing to go on from.
        _allGainBefore = _hasAll ? _allGain : 1;
        _hasAll = false;
    }

    /// <summary>Adds what a member says, if it does.</summary>
    public void Add(MixLane lane)
    {
        if (!lane.IsHeard)
            return;
        _speakers++;
        if (_first is null)
            _first = lane;
        else
            _second ??= lane;
        AudioMixer.Add(_sum, lane.Said);
    }

    /// <summary>What a member hears: everybody else.</summary>
    /// <param name="lane">The member's.</param>
    /// <param name="buffer">Room for 20 ms at the rate that the member hears.</param>
    /// <returns>20 ms at the rate that the member hears; valid until the next call.</returns>
    public ReadOnlySpan<short> Hear(MixLane lane, Span<short> buffer)
    {
        var others = lane.IsHeard ? _speakers - 1 : _speakers;
        if (others == 0)
        {
            lane.LimiterGain = 1;
            return lane.Hear(_silence, true, buffer);
        }

        return lane.Hear(Mix(lane, others), false, buffer);
    }

    private ReadOnlySpan<short> Mix(MixLane lane, int others)
    {
        if (others == 1 && lane.LimiterGain == 1)
            return (ReferenceEquals(lane, _first) ? _second! : _first!).Said;
        if (lane.IsHeard)
        {
            AudioMixer.Subtract(_sum, lane.Said, _others);
            lane.LimiterGain = PeakLimiter.Process(_others, lane.LimiterGain, _mix);
            return _mix;
        }

        // Who only listens shares the mix of all, unless his own has been turned down otherwise.
        if (lane.LimiterGain != _allGainBefore)
        {
            lane.LimiterGain = PeakLimiter.Process(_sum, lane.LimiterGain, _mix);
            return _mix;
        }

        if (!_hasAll)
        {
            _allGain = PeakLimiter.Process(_sum, _allGainBefore, _all);
            _hasAll = true;
        }

        lane.LimiterGain = _allGain;
        return _all;
    }
}
