using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Who is in a room, seen from its tick: says a frame, hears a frame, both at the room's rate. Media thread only.</summary>
internal abstract class RoomMember
{
    private const int MaxFrame = 960; // 20 ms at 48 kHz

    private readonly short[] _said = new short[MaxFrame];
    private int _roomRate;
    private IResampler? _in;
    private IResampler? _out;
    private bool _inTail;   // the filter still holds sound
    private bool _outTail;

    /// <summary>The member's own rate, in Hz; may change only in <see cref="Prepare"/>.</summary>
    public abstract int SampleRate { get; }

    /// <summary>Whether the member leaves the room now.</summary>
    public virtual bool IsFinished => false;

    /// <summary>The room it goes to from here, or null; cleared by reading.</summary>
    public virtual MixRoom? TakeMove() => null;

    /// <summary>It goes to another room: whatever it has of a room is that one's from now on.</summary>
    public virtual void Enter(MixRoom room)
    {
    }

    /// <summary>Whether it has thrown: then the room takes part of it no more, and lets go of it at the end of the tick.</summary>
    public bool IsFailed { get; set; }

    /// <summary>It has thrown and is about to be released. Called once.</summary>
    public virtual void OnFailed()
    {
    }

    /// <summary>Whether it said something in this tick.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>What it said, at the room's rate; only when <see cref="IsHeard"/>.</summary>
    public ReadOnlySpan<short> Said => _said.AsSpan(0, _roomRate / 50);

    /// <summary>Applies what was asked of it since the last tick.</summary>
    public virtual void Prepare(TimeSpan now)
    {
    }

    /// <summary>Lets go of everything; called once, when it has left.</summary>
    public virtual void Release(TimeSpan now)
    {
    }

    /// <summary>Takes the room's rate. Allocates filters when it differs from the own one.</summary>
    public void SetRoomRate(int rate)
    {
        _roomRate = rate;
        var own = SampleRate;
        if (own == rate) _in = _out = null;
        else if (_in?.InputRate != own || _in.OutputRate != rate) (_in, _out) = (Resampler.Create(own, rate), Resampler.Create(rate, own));
    }

    /// <summary>Gets what it says.</summary>
    [SkipLocalsInit]
    public void Pull(TimeSpan now)
    {
        IsHeard = false; // also when what follows throws
        if (_in is null)
        {
            IsHeard = Read(_said.AsSpan(0, _roomRate / 50), now);
            return;
        }

        Span<short> own = stackalloc short[MaxFrame];
        own = own[..(SampleRate / 50)];
        var heard = Read(own, now);
        IsHeard = heard || _inTail;
        if (!IsHeard) return;
        if (!heard) own.Clear();
        _in.Process(own, _said);
        _inTail = heard;
    }

    /// <summary>Gives it what it hears.</summary>
    /// <param name="frame">20 ms at the room's rate.</param>
    /// <param name="silent">Whether the frame is all zero.</param>
    /// <param name="now">Time of the tick.</param>
    [SkipLocalsInit]
    public void Push(ReadOnlySpan<short> frame, bool silent, TimeSpan now)
    {
        if (_out is null)
        {
            Write(frame, now);
            return;
        }

        Span<short> own = stackalloc short[MaxFrame];
        own = own[..(SampleRate / 50)];
        if (silent && !_outTail) own.Clear();
        else _out.Process(frame, own);
        _outTail = !silent;
        Write(own, now);
    }

    /// <summary>Fills 20 ms at <see cref="SampleRate"/>; false is silence.</summary>
    protected abstract bool Read(Span<short> frame, TimeSpan now);

    /// <summary>Takes 20 ms at <see cref="SampleRate"/>.</summary>
    protected abstract void Write(ReadOnlySpan<short> frame, TimeSpan now);
}
