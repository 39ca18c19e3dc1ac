namespace Atm0s.Sip.Media.Mixing;

/// <summary>How loud a member has been of late, and whether it is one of those heard. Media thread only.</summary>
internal struct SpeakerState
{
    private const double Rise = 0.5;   // of the way to a louder frame
    private const double Fall = 0.05;  // to a softer one: 0.4 s
    private const int MinTicks = 15;   // 300 ms that a speaker is heard at least, unless somebody is far louder
    private const double InHold = 4;   // what a rival must have more: 6 dB
    private const double After = 1.5;  // 1.8 dB

    private int _ticks;

    public SpeakerState()
    {
    }

    /// <summary>Smoothed mean square of what it says.</summary>
    public double Energy { get; private set; }

    /// <summary>Whether it is in the mix, or would be if it said something.</summary>
    public bool IsChosen { get; private set; } = true;

    /// <summary>Whether it was in the tick before.</summary>
    public bool WasChosen { get; private set; } = true;

    /// <summary>What it has against its rivals.</summary>
    public readonly double Weight => Energy * (!IsChosen ? 1 : _ticks < MinTicks ? InHold : After);

    /// <summary>Takes a frame into account.</summary>
    /// <param name="energy">Its mean square as the room hears it.</param>
    public void Follow(double energy) => Energy += (energy - Energy) * (energy > Energy ? Rise : Fall);

    /// <summary>What has been decided for this tick.</summary>
    public void Choose(bool chosen)
    {
        _ticks = chosen != IsChosen ? 0 : Math.Min(_ticks + 1, MinTicks);
        (WasChosen, IsChosen) = (IsChosen, chosen);
    }

    /// <summary>It need not compete: where all are heard, nothing fades.</summary>
    public void ChooseAtOnce() => (WasChosen, IsChosen, _ticks) = (IsChosen, true, MinTicks);
}
