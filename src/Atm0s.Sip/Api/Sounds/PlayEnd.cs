namespace Atm0s.Sip;

/// <summary>Why a clip plays no more.</summary>
public enum PlayEnd
{
    /// <summary>It was heard to its end.</summary>
    Finished,

    /// <summary>The host stopped it.</summary>
    Stopped,

    /// <summary>The phone pressed a key of <see cref="PlayOptions.StopKeys"/>.</summary>
    Key,

    /// <summary>The call or the room ended.</summary>
    Ended,

    /// <summary>It was not played: there is no audio yet, the phone is on hold, too much plays already, or there is no such room.</summary>
    NotPossible,
}
