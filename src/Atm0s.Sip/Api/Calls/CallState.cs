namespace Atm0s.Sip;

/// <summary>How far a call has come.</summary>
public enum CallState
{
    /// <summary>The INVITE is on its way, or waits for the host's decision.</summary>
    Connecting,

    /// <summary>The called side rings.</summary>
    Ringing,

    /// <summary>Audio flows.</summary>
    Answered,

    /// <summary>Over.</summary>
    Ended,
}
