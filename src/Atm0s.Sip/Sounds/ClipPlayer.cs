using Atm0s.Sip.Bots;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Sounds;

/// <summary>
/// A clip that is being played: from its beginning to its end, or round and round, until it is stopped. The tick moves it on, and tells
/// once when it is over. It begins when the clip is there at the rate of the room: a long one takes a second to be converted, and whoever
/// plays it has no time to wait.
/// </summary>
internal sealed class ClipPlayer : IPcmEndpoint, IRoomListener
{
    private const float Ducked = 0.25f; // -12 dB

    private readonly AudioClip _clip;
    private readonly bool _loops;
    private readonly float _gain;
    private readonly FrameGain _ramp;
    private readonly TalkWatch? _talk;
    private readonly TalkWatch? _roomTalk;  // of the room behind a phone that it is played to
    private readonly SipScheduler _scheduler;
    private readonly PostedWork _onOver;
    private volatile short[]? _samples; // null until they are there
    private long _played;
    private int _at;
    private volatile bool _isStopping;
    private bool _isOver;

    /// <param name="clip">What to play.</param>
    /// <param name="rate">Rate of the room, in Hz.</param>
    /// <param name="options">How.</param>
    /// <param name="scheduler">Tells the end.</param>
    /// <param name="onOver">Is told once when nothing more will be heard.</param>
    public ClipPlayer(AudioClip clip, int rate, PlayOptions options, SipScheduler scheduler, Action onOver)
    {
        _clip = clip;
        SampleRate = rate;
        _loops = options.Loop && clip.Duration > TimeSpan.Zero;
        _gain = FrameGain.FactorOf(options.Gain);
        _ramp = new FrameGain(_gain);
        _talk = options.Duck ? new TalkWatch(rate) : null;
        _roomTalk = options is { Duck: true, OverRoom: true } ? new TalkWatch(rate) : null;
        _scheduler = scheduler;
        _onOver = new PostedWork(onOver);
        _samples = clip.AtOnce(rate);
        if (_samples is null)
            scheduler.Schedule(new PostedWork(Convert));
    }

    public int SampleRate { get; }

    /// <summary>How much of it was heard.</summary>
    public TimeSpan Played => TimeSpan.FromTicks(Volatile.Read(ref _played) * TimeSpan.TicksPerSecond / SampleRate);

    /// <summary>Ends it within a frame. Any thread.</summary>
    public void Stop() => _isStopping = true;

    public bool Read(Span<short> frame)
    {
        if (_isOver || (_samples is null && !_isStopping))
            return false;
        var isLast = _isStopping;
        var samples = _samples ?? [];
        var count = Fill(samples, frame);
        if (count < frame.Length)
            frame[count..].Clear();
        Volatile.Write(ref _played, _played + count);
        var factor = _talk is { IsTalking: true } || _roomTalk is { IsTalking: true } ? _gain * Ducked : _gain;
        var isHeard = _ramp.Apply(frame, isLast ? 0 : factor) && count > 0;
        if (isLast || (_at == samples.Length && !_loops))
        {
            _isOver = true;
            _scheduler.Schedule(_onOver);
        }

        return isHeard;
    }

    public void Write(ReadOnlySpan<short> frame) => _talk?.Hear(frame);

    public void HearRoom(ReadOnlySpan<short> frame) => _roomTalk?.Hear(frame);

    private int Fill(short[] samples, Span<short> frame)
    {
        var filled = 0;
        while (filled < frame.Length && samples.Length > 0)
        {
            if (_at == samples.Length && !_loops)
                break;
            if (_at == samples.Length)
                _at = 0;
            var count = Math.Min(frame.Length - filled, samples.Length - _at);
            samples.AsSpan(_at, count).CopyTo(frame[filled..]);
            _at += count;
            filled += count;
        }

        return filled;
    }

    private void Convert()
    {
        try
        {
            _samples = _clip.At(SampleRate);
        }
        catch (OutOfMemoryException)
        {
            _isStopping = true;
        }
    }
}
