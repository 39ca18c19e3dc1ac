namespace Atm0s.Sip.Media.Mixing;

/// <summary>Who competes for being heard. Media thread, or whoever selects.</summary>
internal interface ISpeaker
{
    /// <summary>How it stands among the speakers.</summary>
    ref SpeakerState Speaker { get; }

    /// <summary>Whether it may be chosen: it says something, or is about to go on.</summary>
    bool IsCandidate { get; }
}
