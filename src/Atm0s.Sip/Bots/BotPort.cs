using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Resampling;
using Atm0s.Sip.Sounds;

namespace Atm0s.Sip.Bots;

/// <summary>
/// The ears and the mouth of a program in a room. The tick moves frames between its queues and the room, and allocates nothing; all else
/// happens on the scheduler, so that a slow bot keeps nobody but itself waiting.
/// </summary>
internal sealed class BotPort : IPcmEndpoint
{
    private readonly BotWork _work;
    private readonly FrameGain _ramp;
    private readonly IResampler? _toRoom;
    private readonly IResampler? _fromRoom;
    private readonly short[] _said;
    private readonly short[] _heard;
    private readonly TalkWatch? _talk;
    private volatile bool _isMuted;
    private double _gain;
    private float _factor;
    private short _last;        // sample of what the room heard
    private bool _inTail;       // the filter still holds sound
    private int _busy;

    /// <param name="rate">Rate of the bot, in Hz: 8000, 16000, 24000 or 48000.</param>
    /// <param name="roomRate">Rate towards the room, in Hz: 8000, 16000 or 48000.</param>
    /// <param name="options">Sizes, mute, gain.</param>
    /// <param name="scheduler">Runs what is not the tick's.</param>
    /// <param name="onFailed">Is told the first thing that the bot's own code throws.</param>
    /// <param name="workers">Where the bot's own code runs; null for the scheduler.</param>
    public BotPort(
        int rate, int roomRate, RoomBotOptions options, SipScheduler scheduler, Action<Exception> onFailed, HookWorkers? workers = null)
    {
        Rate = rate;
        SampleRate = roomRate;
        Speech = new SpeechQueue(SamplesOf(options.MaxQueued));
        Hearing = new HearingQueue(Math.Max(FrameLength, SamplesOf(options.MaxUnheard)));
        _toRoom = RateChain.Between(rate, roomRate);
        _fromRoom = RateChain.Between(roomRate, rate);
        _said = new short[FrameLength];
        _heard = new short[FrameLength];
        _talk = options.DetectTalking ? new TalkWatch(rate) : null;
        _isMuted = options.Muted;
        _gain = options.Gain;
        _factor = FrameGain.FactorOf(options.Gain);
        _ramp = new FrameGain(_isMuted ? 0 : _factor);
        _work = new BotWork(this, options, scheduler, onFailed, workers);
    }

    /// <summary>Rate of the bot, in Hz.</summary>
    public int Rate { get; }

    /// <summary>Rate towards the room, in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Samples of 20 ms of the bot.</summary>
    public int FrameLength => Rate / 50;

    public SpeechQueue Speech { get; }

    public HearingQueue Hearing { get; }

    /// <summary>What happens beside the tick.</summary>
    public BotWork Work => _work;

    public bool IsMuted
    {
        get => _isMuted;
        set => _isMuted = value;
    }

    public double Gain
    {
        get => Volatile.Read(ref _gain);
        set
        {
            Volatile.Write(ref _gain, value);
            Volatile.Write(ref _factor, FrameGain.FactorOf(value));
        }
    }

    /// <summary>The rate at which a bot of a rate is mixed, in Hz.</summary>
    public static int RoomRateOf(int rate) => rate == 24_000 ? 48_000 : rate;

    public TimeSpan TimeOf(long samples) => TimeSpan.FromTicks(samples * TimeSpan.TicksPerSecond / Rate);

    public bool Read(Span<short> frame)
    {
        // While it goes from one room to another both may ask.
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return false;
        var heard = ReadSpeech(frame);
        Volatile.Write(ref _busy, 0);
        return heard;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return;
        Hear(frame);
        Volatile.Write(ref _busy, 0);
    }

    private int SamplesOf(TimeSpan time) => (int)(time.Ticks * Rate / TimeSpan.TicksPerSecond);

    private bool ReadSpeech(Span<short> frame)
    {
        var own = _toRoom is null ? frame : _said;
        var count = Speech.Read(own);
        _work.OnSaid(Speech.Taken);
        if (count == 0 && _last == 0 && !_inTail)
        {
            _ramp.Apply(own, _isMuted ? 0 : Volatile.Read(ref _factor));
            return false;
        }

        FadeFrom(own, count);
        _last = count == own.Length ? own[^1] : (short)0;
        if (_toRoom is not null)
            _toRoom.Process(own, frame);
        _inTail = _toRoom is not null && count > 0;
        return _ramp.Apply(frame, _isMuted ? 0 : Volatile.Read(ref _factor));
    }

    // What ends in the middle of a word goes to zero within 2.5 ms.
    private void FadeFrom(Span<short> frame, int count)
    {
        var from = count > 0 ? frame[count - 1] : _last;
        var length = Math.Min(frame.Length / 8, frame.Length - count);
        for (var i = 0; i < length; i++)
            frame[count + i] = (short)(from * (length - i - 1) / length);
        if (count + length < frame.Length)
            frame[(count + length)..].Clear();
    }

    private void Hear(ReadOnlySpan<short> frame)
    {
        var own = frame;
        if (_fromRoom is not null)
        {
            _fromRoom.Process(frame, _heard);
            own = _heard;
        }

        Hearing.Write(own);
        var hasChanged = _talk?.Hear(own) == true;
        _work.OnHeard(hasChanged ? _talk!.IsTalking : null);
    }
}
