using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>Somebody who competes for one of the <see cref="SpeakerSlots"/>. For their caller only.</summary>
public sealed class SlotSpeaker : ISpeaker
{
    private const int Frame = 960; // 20 ms at 48 kHz
    private const int MaxSilence = 3; // ticks without a frame before it counts as silent: packets have 60 ms at most, mostly

    private SpeakerState _state = new();
    private double _loudest;    // of frames shorter than 20 ms
    private int _samples;       // of those
    private int _silence;

    internal SlotSpeaker(string name)
    {
        Name = name;
        _state.Choose(false);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The slot in which it is, from 0; null when it is in none.</summary>
    public int? Slot { get; internal set; }

    internal bool IsGone { get; set; }

    internal double Energy => _state.Energy;

    internal bool IsChosen => _state.IsChosen;

    bool ISpeaker.IsCandidate => _state.Energy > 1;

    ref SpeakerState ISpeaker.Speaker => ref _state;

    /// <summary>Takes a frame into account.</summary>
    /// <param name="energy">Its mean square.</param>
    /// <param name="samples">Its length.</param>
    internal void Follow(double energy, int samples)
    {
        _silence = 0;
        _loudest = Math.Max(_loudest, energy);
        for (_samples += samples; _samples >= Frame; _samples -= Frame)
        {
            _state.Follow(_loudest);
            if (_samples < 2 * Frame)
                _loudest = 0;
        }
    }

    /// <summary>20 ms have passed.</summary>
    internal void Pass()
    {
        if (++_silence > MaxSilence)
            _state.Follow(0);
    }
}
