namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The mix of one rate: the sum of all who are heard, and of it for each listener what the others say, limited to 16 bits. A single
/// speaker is passed on as he is. All who only listen hear the same samples. Media thread only; allocates nothing in a tick.
/// </summary>
internal sealed class MixBus(int rate)
{
    private readonly int[] _sum = new int[rate / 50];
    private readonly int[] _others = new int[rate / 50];
    private readonly short[] _mix = new short[rate / 50];
    private readonly short[] _all = new short[rate / 50];
    private readonly short[] _faded = new short[rate / 50];
    private readonly short[] _silence = new short[rate / 50];
    private readonly List<MixLane> _lanes = new(16); // of all who are heard, by whomever
    private MixLane? _first;        // of those whom everybody hears
    private MixLane? _second;
    private int _speakers;          // whom everybody hears
    private bool _isChanging;       // somebody is to hear, or be heard by, others than a tick ago
    private bool _hasAll;           // the common frame of this tick is made
    private float _allGain = 1;     // of the limiter, at its end
    private float _allGainBefore = 1;

    /// <summary>Rate of the mix, in Hz.</summary>
    public int Rate => rate;

    /// <summary>Begins a tick.</summary>
    /// <param name="isChanging">Whether a member has another rule than in the tick before.</param>
    public void Begin(bool isChanging = false)
    {
        if (_speakers > 0)
            Array.Clear(_sum);
        _first = _second = null;
        _speakers = 0;
        _lanes.Clear();
        _isChanging = isChanging;
        // When nobody has heard all of the last tick, there is nothing to go on from.
        _allGainBefore = _hasAll ? _allGain : 1;
        _hasAll = false;
    }

    /// <summary>Adds what a member says, if it does.</summary>
    public void Add(MixLane lane)
    {
        if (!lane.IsHeard)
            return;
        _lanes.Add(lane);
        if (lane.IsPrivate)
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
    /// <param name="isCommon">Whether all who only listen hear just these samples in this tick.</param>
    /// <param name="source">Who is heard, when it is one alone, whose samples are passed on as they are; else null.</param>
    /// <returns>20 ms at the rate that the member hears; valid until the next call.</returns>
    public ReadOnlySpan<short> Hear(MixLane lane, Span<short> buffer, out bool isCommon, out RoomMember? source)
    {
        isCommon = false;
        source = null;
        if (lane.HearsOtherwise || IsSpokenTo(lane) || (_isChanging && IsChangingFor(lane)))
            return HearSome(lane, buffer, out source);
        if (!lane.IsHeard || lane.IsPrivate)
            return HearAll(lane, buffer, out isCommon, out source);
        if (_speakers == 1)
        {
            lane.LimiterGain = 1;
            return lane.Hear(_silence, true, buffer);
        }

        if (_speakers == 2 && lane.LimiterGain == 1)
        {
            var other = ReferenceEquals(lane, _first) ? _second! : _first!;
            source = SourceFor(lane, other);
            return lane.Hear(other.Said, false, buffer);
        }

        AudioMixer.Subtract(_sum, lane.Said, _others);
        return Limit(lane, _others, buffer);
    }

    private static RoomMember? SourceFor(MixLane listener, MixLane speaker) =>
        listener.IsAtMixRate && speaker.IsPlain ? speaker.Owner : null;

    private ReadOnlySpan<short> Limit(MixLane lane, ReadOnlySpan<int> sum, Span<short> buffer)
    {
        lane.LimiterGain = PeakLimiter.Process(sum, lane.LimiterGain, _mix);
        return lane.Hear(_mix, false, buffer);
    }

    private ReadOnlySpan<short> HearAll(MixLane lane, Span<short> buffer, out bool isCommon, out RoomMember? source)
    {
        isCommon = false;
        source = null;
        var all = All();
        if (_speakers == 0 || lane.LimiterGain == _allGainBefore)
        {
            lane.LimiterGain = _allGain;
            isCommon = lane.IsAtMixRate;
            if (_speakers == 1 && _allGainBefore == 1)
                source = SourceFor(lane, _first!);
            return lane.Hear(all, _speakers == 0, buffer);
        }

        // His own has been turned down otherwise: he goes over to that of all within this frame.
        PeakLimiter.Process(_sum, lane.LimiterGain, _mix);
        lane.LimiterGain = _allGain;
        CrossFade.Mix(_mix, all, _mix);
        return lane.Hear(_mix, false, buffer);
    }

    /// <summary>What all hear who only listen.</summary>
    private ReadOnlySpan<short> All()
    {
        if (!_hasAll && _speakers > 0)
            _allGain = _speakers == 1 && _allGainBefore == 1 ? 1 : PeakLimiter.Process(_sum, _allGainBefore, _all);
        if (_speakers == 0)
            _allGain = 1;
        _hasAll = true;
        return _speakers switch
        {
            0 => _silence,
            1 when _allGainBefore == 1 => _first!.Said,
            _ => _all,
        };
    }

    /// <summary>A mix of his own, by the rules of both ends; what has changed since the last tick fades.</summary>
    private ReadOnlySpan<short> HearSome(MixLane lane, Span<short> buffer, out RoomMember? source)
    {
        source = null;
        var count = 0;
        var only = default(MixLane);
        Array.Clear(_others);
        foreach (var other in _lanes)
        {
            if (ReferenceEquals(other, lane))
                continue;
            var (hears, heard) = (lane.Hears(other), _isChanging ? lane.Heard(other) : lane.Hears(other));
            if (!hears && !heard)
                continue;
            count++;
            only = count == 1 && hears == heard ? other : null;
            if (hears == heard)
            {
                AudioMixer.Add(_others, other.Said);
                continue;
            }

            other.Said.AsSpan().CopyTo(_faded);
            AudioGain.Ramp(_faded, heard ? AudioGain.One : 0, hears ? AudioGain.One : 0);
            AudioMixer.Add(_others, _faded);
        }

        if (only is not null && lane.LimiterGain == 1)
            source = SourceFor(lane, only);
        if (count > 0)
            return Limit(lane, _others, buffer);
        lane.LimiterGain = 1;
        return lane.Hear(_silence, true, buffer);
    }

    // One member's rule changes what those hear who had to do with it, not what a thousand others hear.
    private bool IsChangingFor(MixLane lane)
    {
        foreach (var other in _lanes)
        {
            if (!ReferenceEquals(other, lane) && lane.Hears(other) != lane.Heard(other))
                return true;
        }

        return false;
    }

    private bool IsSpokenTo(MixLane lane)
    {
        if (_lanes.Count == _speakers)
            return false;
        foreach (var other in _lanes)
        {
            if (other.IsPrivate && !ReferenceEquals(other, lane) && lane.Hears(other))
                return true;
        }

        return false;
    }
}
