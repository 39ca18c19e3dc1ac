using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The way of one member into a mix of one rate and out of it: a filter for each direction, unless the rates are the same. Made on any
/// thread;
/// then the media thread's.
/// </summary>
internal sealed class MixLane
{
    private readonly IResampler? _in;
    private readonly IResampler? _out;
    private readonly short[] _converted;
    private bool _inTail;   // the filter still holds sound
    private bool _outTail;
    private MixLane? _before; // of other rates, whose filter still holds sound

    /// <param name="inputRate">Rate of what the member says, in Hz.</param>
    /// <param name="mixRate">Rate of the mix, in Hz.</param>
    /// <param name="outputRate">Rate of what the member hears, in Hz.</param>
    public MixLane(int inputRate, int mixRate, int outputRate)
    {
        InputRate = inputRate;
        MixRate = mixRate;
        OutputRate = outputRate;
        if (inputRate != mixRate)
            _in = Resampler.Create(inputRate, mixRate);
        if (outputRate != mixRate)
            _out = Resampler.Create(mixRate, outputRate);
        Said = _converted = _in is null ? [] : new short[mixRate / 50];
    }

    public int InputRate { get; }

    public int MixRate { get; }

    public int OutputRate { get; }

    /// <summary>Whose it is; known before it is used.</summary>
    public RoomMember Owner { get; set; } = null!;

    /// <summary>Whether the member hears the mix as it is.</summary>
    public bool IsAtMixRate => _out is null;

    /// <summary>Whether only some hear the member.</summary>
    public bool IsPrivate => Owner.Rule.HeardBy is not null;

    /// <summary>Whether the member does not hear all.</summary>
    public bool HearsOtherwise => Owner.Rule.HearsOtherwise;

    /// <summary>Whether the member is in the mix of this tick.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>Whether that is what it says and nothing else, at its own rate.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>What it says at the rate of the mix; only when <see cref="IsHeard"/>.</summary>
    public ArraySegment<short> Said { get; private set; }

    /// <summary>The gain of <see cref="PeakLimiter"/> at the end of what the member heard last.</summary>
    public float LimiterGain { get; set; } = 1;

    /// <summary>Goes on where another lane into the same mix ends: what that one's filter still holds is heard first.</summary>
    public void Continue(MixLane before)
    {
        LimiterGain = before.LimiterGain;
        if (before._inTail && before.MixRate == MixRate)
            _before = before;
    }

    public bool Fits(int inputRate, int mixRate, int outputRate) =>
        InputRate == inputRate && MixRate == mixRate && OutputRate == outputRate;

    /// <summary>Takes what the member says in this tick.</summary>
    /// <param name="own">20 ms at <see cref="InputRate"/>; kept until the end of the tick.</param>
    /// <param name="heard">False is silence.</param>
    public void Say(ArraySegment<short> own, bool heard)
    {
        IsHeard = heard || _inTail || _before is not null;
        IsPlain = heard && _in is null && _before is null;
        if (!IsHeard)
            return;
        if (!heard)
            own.AsSpan().Clear();
        if (_in is null)
            Said = own;
        else
            _in.Process(own, _converted);
        _inTail = heard && _in is not null;
        if (_before is null)
            return;
        _before.EndInto(Said);
        _before = null;
    }

    /// <summary>Whether the member hears another.</summary>
    public bool Hears(MixLane other) =>
        MemberRule.LetsHear(Owner.Rule, Owner.Identity, other.Owner.Rule, other.Owner.Identity);

    /// <summary>Whether it did in the tick before.</summary>
    public bool Heard(MixLane other) =>
        MemberRule.LetsHear(Owner.RuleBefore, Owner.Identity, other.Owner.RuleBefore, other.Owner.Identity);

    /// <summary>Converts what the member hears.</summary>
    /// <param name="mix">20 ms at <see cref="MixRate"/>.</param>
    /// <param name="silent">Whether it is all zero.</param>
    /// <param name="buffer">Room for 20 ms at <see cref="OutputRate"/>.</param>
    /// <returns>20 ms at <see cref="OutputRate"/>: <paramref name="mix"/> itself, or the start of <paramref name="buffer"/>.</returns>
    public ReadOnlySpan<short> Hear(ReadOnlySpan<short> mix, bool silent, Span<short> buffer)
    {
        if (_out is null)
            return mix;
        buffer = buffer[..(OutputRate / 50)];
        if (silent && !_outTail)
            buffer.Clear();
        else
            _out.Process(mix, buffer);
        _outTail = !silent;
        return buffer;
    }

    private void EndInto(Span<short> said)
    {
        Span<short> silence = stackalloc short[InputRate / 50];
        silence.Clear();
        _in!.Process(silence, _converted);
        for (var i = 0; i < said.Length; i++)
            said[i] = (short)Math.Clamp(said[i] + _converted[i], short.MinValue, short.MaxValue);
    }
}
