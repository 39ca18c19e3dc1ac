namespace Atm0s.Sip;

/// <summary>Why a media stream is over.</summary>
public enum MediaStreamEnd
{
    /// <summary>The host stopped it.</summary>
    Stopped,

    /// <summary>The call, or the room, has ended.</summary>
    Ended,

    /// <summary>The program closed it.</summary>
    ClosedByProgram,

    /// <summary>The program can't be reached, or does not read, and no try is left.</summary>
    Failed,
}
