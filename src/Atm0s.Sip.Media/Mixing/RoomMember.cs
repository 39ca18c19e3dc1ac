using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Forwarding;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Who is in a room, seen from its tick: says a frame, hears a frame. What it says fades in and out within 10 ms when it is muted, made
/// louder or leaves. What it throws ends it alone: it is kept in <see cref="Failure"/> for the room. Media thread only, but for
/// <see cref="Provide"/>.
/// </summary>
internal abstract class RoomMember : ISpeaker
{
    private const int MaxFrame = 960; // 20 ms at 48 kHz
    private const int Out = 0;
    private const int In = 1;
    private const int Lost = 2;

    private short[] _own = [];
    private bool _isHeard; // what it says in this tick
    private bool _isUnchanged; // and is heard as it came
    private int _gain = AudioGain.One; // at the end of the last frame
    private SpeakerState _speaker = new();
    private readonly MixLane?[] _spares = new MixLane?[3]; // by rate of what it says
    private MixLane? _lane;
    private MixLane? _nextLane;
    private int _turn; // Out, In, Lost
    private int _isCalled;
    private bool _isNew = true; // has not ticked in this room

    /// <summary>Rate of what it says, in Hz: 8000, 16000 or 48000. May change only in <see cref="OnPrepare"/>.</summary>
    public abstract int InputRate { get; }

    /// <summary>Rate of what it hears, in Hz. May change only in <see cref="OnPrepare"/>.</summary>
    public abstract int OutputRate { get; }

    /// <summary>The rate that a room must have to do it justice.</summary>
    public int Rate => Math.Max(InputRate, OutputRate);

    /// <summary>By what others know it: a <see cref="RtpLeg"/> or an <see cref="IPcmEndpoint"/>.</summary>
    public virtual object Identity => this;

    /// <summary>Its rule in this tick.</summary>
    public MemberRule Rule { get; private set; } = MemberRule.Default;

    /// <summary>Its rule in the tick before; in its first one in a room that of this tick, for there is nothing to fade from.</summary>
    public MemberRule RuleBefore { get; private set; } = MemberRule.Default;

    /// <summary>How it stands among the speakers.</summary>
    public ref SpeakerState Speaker => ref _speaker;

    /// <summary>Whether it is heard beside the active speakers, and takes the place of none.</summary>
    public bool IsBesides => Rule.IsBesides || IsOverheard; // among sources of packets it has no rival, for nobody else hears it

    /// <summary>Whether it may be chosen: it says something, or is about to go on.</summary>
    public bool IsCandidate => _isHeard ? IsReal || _speaker.IsChosen : _speaker.IsChosen && _speaker.Energy > 1;

    /// <summary>The packet that its frame of this tick is; none when it is not one, or is not heard just as it came.</summary>
    public OriginalPacket Original => _isUnchanged && _speaker is { IsChosen: true, WasChosen: true } ? Packet : default;

    /// <summary>Whether the member ends now. Asked for after <see cref="Prepare"/>.</summary>
    public virtual bool IsFinished => false;

    /// <summary>
    /// Whether it sits this tick out: it says nothing, and need hear nothing. Asked for after <see cref="Prepare"/>.
    /// </summary>
    public virtual bool IsResting => false;

    /// <summary>Whether that may last, so that the room need not ask it in every tick. Asked for after <see cref="Prepare"/>.</summary>
    public virtual bool MaySleep => false;

    /// <summary>Its place among those that sleep; -1 when it is awake.</summary>
    public int SleepsAt { get; set; } = -1;

    /// <summary>Whether this is its last tick in the room: what it says fades out.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The room it goes to after the tick, when it is leaving; null when it ends.</summary>
    public MixRoom? Destination { get; set; }

    /// <summary>What it threw; null as long as it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>
    /// The socket that <see cref="Pull"/> is going to read, where one datagram of it may be fetched before. Asked for after
    /// <see cref="Prepare"/>.
    /// </summary>
    public virtual LinuxMediaSocket? Awaited => null;

    /// <summary>How loud the room hears it, as a factor of <see cref="AudioGain"/>; 0 is not at all.</summary>
    protected virtual int Gain => AudioGain.One;

    /// <summary>The packet that the frame of the last <see cref="Read"/> is.</summary>
    protected virtual OriginalPacket Packet => default;

    /// <summary>Mean square of the frame that <see cref="Read"/> gave, before <see cref="Gain"/>.</summary>
    protected double Energy { get; set; }

    /// <summary>Whether nobody hears what is read next: it is muted and has faded out, or is not among the speakers.</summary>
    protected bool IsUnheard => (_gain == 0 && Gain == 0) || !_speaker.IsChosen;

    /// <summary>Whether that frame is what the member says, and not silence in place of what was not decoded.</summary>
    protected bool IsReal { get; set; } = true;

    /// <summary>Whether it listens; one who does not is given nothing.</summary>
    protected virtual bool Listens => true;

    /// <summary>What the voices of its room come out of as packets; null when the room has none.</summary>
    protected OpusExchange? Exchange { get; private set; }

    /// <summary>Whether what it says came in as packets: then it does not come out again.</summary>
    protected virtual bool IsSource => false;

    /// <summary>Whether its packets come out as they are, and what it says in this tick is told by that.</summary>
    protected virtual bool IsPassing => false;

    /// <summary>Frames whose packets have come, and that are to be heard after this tick.</summary>
    protected virtual int FramesWaiting => 0;

    /// <summary>The rule that it is to have from now on.</summary>
    protected virtual MemberRule WantedRule => MemberRule.Default;

    /// <summary>The room it wants to go to, or null; cleared by reading.</summary>
    public virtual MixRoom? TakeMove() => null;

    /// <summary>It has thrown and is about to be released. Called once.</summary>
    public virtual void OnFailed()
    {
    }

    /// <summary>
    /// Takes its turn away, whether it lasts or is to come: the thread that is in it learns so at its end. Another thread.
    /// </summary>
    /// <param name="ifIn">Only if it lasts.</param>
    /// <returns>Whether it was taken away now.</returns>
    public bool TryTakeTurn(bool ifIn) =>
        ifIn ? Interlocked.CompareExchange(ref _turn, Lost, In) == In : Interlocked.Exchange(ref _turn, Lost) != Lost;

    /// <summary>
    /// Its turn was taken away, and a thread may still be inside it: lets go of what others need, and tells. Another thread.
    /// </summary>
    public virtual void OnTurnLost()
    {
    }

    /// <summary>
    /// Leaves a lane for a coming change of rates, so that the tick need not make it. Any thread; the last one of each rate counts.
    /// </summary>
    public void Provide(MixLane lane) => Volatile.Write(ref SpareOf(lane.InputRate), lane);

    /// <summary>Applies what was asked of it since the last tick.</summary>
    public void Prepare(TimeSpan now)
    {
        var before = Rule;
        Rule = WantedRule;
        RuleBefore = _isNew ? Rule : before;
        _isNew = false;
        BeginTurn();
        try
        {
            OnPrepare(now);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        EndTurn();
    }

    /// <summary>While it sleeps: takes in what has come.</summary>
    /// <returns>False when it is to wake.</returns>
    public bool MayGoOnSleeping(TimeSpan now)
    {
        var goesOn = false;
        BeginTurn();
        try
        {
            goesOn = Look(now);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        EndTurn();
        return goesOn && !IsFinished;
    }

    /// <summary>Notes that something was asked of it. Any thread.</summary>
    /// <returns>False when that is noted already.</returns>
    public bool TryBeCalled() => Interlocked.Exchange(ref _isCalled, 1) == 0;

    /// <summary>What was asked from now on is noted anew.</summary>
    public void OnCalled() => Interlocked.Exchange(ref _isCalled, 0);

    /// <summary>It has come from another room: whatever it has of a room is this one's from now on.</summary>
    public void Enter(MixRoom room)
    {
        IsLeaving = false;
        Destination = null;
        _lane = _nextLane = null;
        _gain = 0; // in the middle of a word
        _speaker = new SpeakerState();
        _isNew = true;
        OnCalled(); // what the room of before was asked for is seen here
        Follow(room);
    }

    /// <summary>Its room ticks on another thread from now on: what it has of the old one is that one's.</summary>
    public void ChangeThread(MixRoom room) => Follow(room);

    /// <summary>Makes sure of its way into a mix of this rate, and of the way into the next one, if there is one.</summary>
    public void Follow(int rate, int? nextRate)
    {
        if (_own.Length != InputRate / 50)
            _own = new short[InputRate / 50];
        try
        {
            // Who comes while a mix is about to end takes no part in it any more.
            _lane = _lane is null && nextRate is not null ? null : Fitting(_lane, rate);
            _nextLane = nextRate is { } next ? Fitting(_nextLane, next) : null;
            if (_nextLane is { } coming && _lane is { } current)
                coming.LimiterGain = current.LimiterGain;
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    /// <summary>Whether it takes part in the mix that is heard.</summary>
    public bool IsMixed => _lane is not null;

    /// <summary>The next mix has become the only one.</summary>
    public void Advance() => (_lane, _nextLane) = (_nextLane, null);

    /// <summary>Gets what it says in this tick.</summary>
    public void Pull(TimeSpan now)
    {
        _isHeard = _isUnchanged = false;
        if (IsResting && !IsLeaving)
            return;
        var heard = false;
        BeginTurn();
        try
        {
            if (Failure is null)
                heard = Read(_own, now);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        EndTurn();

        var gain = IsLeaving ? 0 : Gain;
        heard &= _gain != 0 || gain != 0;
        if (heard && _gain != gain)
            AudioGain.Ramp(_own, _gain, gain);
        else if (heard)
            AudioGain.Apply(_own, gain);
        _isUnchanged = heard && _gain == AudioGain.One && gain == AudioGain.One;
        _gain = gain;
        _isHeard = heard;
        if (IsReal)
            _speaker.Follow(heard ? Energy * ((double)gain * gain / (AudioGain.One * (double)AudioGain.One)) : 0);
        if (IsOverheard)
            LetOverhear(heard);
    }

    /// <summary>Gets it into the mixes, if it is one of those heard.</summary>
    public void Say(MixBus mix, MixBus? next)
    {
        if (IsResting && !IsLeaving)
            return;
        var (isChosen, wasChosen) = (_speaker.IsChosen, _speaker.WasChosen);
        var heard = _isHeard && (isChosen || wasChosen);
        if (heard && isChosen != wasChosen)
            AudioGain.Ramp(_own, wasChosen ? AudioGain.One : 0, isChosen ? AudioGain.One : 0);
        Say(mix, _lane, heard);
        Say(next, _nextLane, heard);
    }

    /// <summary>Gives it what it hears in this tick.</summary>
    /// <param name="mix">The mix of this tick.</param>
    /// <param name="next">The mix that takes over, if there is one.</param>
    /// <param name="fades">Whether it takes over in this tick.</param>
    /// <param name="groups">Encoders for what all listeners hear.</param>
    /// <param name="now">Time of the tick.</param>
    [SkipLocalsInit]
    public void Push(MixBus mix, MixBus? next, bool fades, EncodeGroups groups, TimeSpan now)
    {
        // Who ends hears no more; who moves does until the other room has it.
        if (Failure is not null || (IsLeaving && Destination is null) || (IsResting && !IsLeaving) || !Listens)
            return;
        Span<short> buffer = stackalloc short[MaxFrame];
        var (isCommon, source) = (false, default(RoomMember));
        var frame = _lane is null ? Silence(buffer) : mix.Hear(_lane, buffer, out isCommon, out source);
        if (next is not null && _nextLane is { } coming)
        {
            Span<short> other = stackalloc short[MaxFrame];
            var heard = next.Hear(coming, other, out _, out _);
            (isCommon, source) = (false, null);
            if (fades)
            {
                CrossFade.Mix(frame, heard, buffer);
                frame = buffer[..heard.Length];
            }
        }

        BeginTurn();
        try
        {
            Write(frame, isCommon ? groups : null, source, now);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        EndTurn();
    }

    /// <summary>Lets go of everything; called once, when it has left.</summary>
    public virtual void Release(TimeSpan now)
    {
    }

    /// <summary>Applies what was asked of it since the last tick.</summary>
    protected virtual void OnPrepare(TimeSpan now)
    {
    }

    /// <summary>Takes in what has come, without a frame of it; false wakes it.</summary>
    protected virtual bool Look(TimeSpan now) => false;

    /// <summary>It is in this room from now on.</summary>
    protected virtual void OnEnter(MixRoom room)
    {
    }

    /// <summary>Fills 20 ms at <see cref="InputRate"/>; false is silence.</summary>
    protected abstract bool Read(Span<short> frame, TimeSpan now);

    /// <summary>Takes 20 ms at <see cref="OutputRate"/>.</summary>
    protected abstract void Write(ReadOnlySpan<short> frame, TimeSpan now);

    /// <summary>As <see cref="Write(ReadOnlySpan{short}, TimeSpan)"/>, with what else is known of the samples.</summary>
    /// <param name="frame">The samples.</param>
    /// <param name="common">Encoders that all share who only listen, when all of them hear just this; else null.</param>
    /// <param name="source">Who is heard, when it is one alone and nothing is changed of it; else null.</param>
    /// <param name="now">Time of the tick.</param>
    protected virtual void Write(ReadOnlySpan<short> frame, EncodeGroups? common, RoomMember? source, TimeSpan now) => Write(frame, now);

    // Whoever is in a room with an exchange speaks to it, a phone as well as who stands for it.
    private bool IsOverheard => Exchange is not null && !IsSource;

    private void Follow(MixRoom room)
    {
        Exchange = room.Exchange;
        OnEnter(room);
    }

    private void LetOverhear(bool heard)
    {
        BeginTurn();
        try
        {
            Exchange!.OnFrame(_own, heard, IsPassing, FramesWaiting);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        EndTurn();
    }

    private void BeginTurn()
    {
        if (Interlocked.CompareExchange(ref _turn, In, Out) != Out)
            throw new TurnLostException(this);
    }

    private void EndTurn()
    {
        if (Interlocked.CompareExchange(ref _turn, Out, In) != In)
            throw new TurnLostException(this);
    }

    private void Say(MixBus? mix, MixLane? lane, bool heard)
    {
        if (mix is null || lane is null)
            return;
        lane.Say(_own, heard);
        mix.Add(lane);
    }

    private Span<short> Silence(Span<short> buffer)
    {
        buffer = buffer[..(OutputRate / 50)];
        buffer.Clear();
        return buffer;
    }

    private MixLane Fitting(MixLane? lane, int rate)
    {
        var (input, output) = (InputRate, OutputRate);
        if (lane is not null && lane.Fits(input, rate, output))
            return lane;
        ref var spare = ref SpareOf(input);
        var made = Volatile.Read(ref spare)?.Fits(input, rate, output) == true ? Interlocked.Exchange(ref spare, null) : null;
        if (made is null || !made.Fits(input, rate, output))
            made = new MixLane(input, rate, output);
        made.Owner = this;
        if (lane is not null)
            made.Continue(lane);
        return made;
    }

    private ref MixLane? SpareOf(int rate) => ref _spares[rate switch { 8000 => 0, 16000 => 1, _ => 2 }];
}
