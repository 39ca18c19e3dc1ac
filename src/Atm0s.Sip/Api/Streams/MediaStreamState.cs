namespace Atm0s.Sip;

/// <summary>How a media stream stands.</summary>
public enum MediaStreamState
{
    /// <summary>It is being connected, for the first time or again.</summary>
    Connecting,

    /// <summary>The program has been told that it begins.</summary>
    Open,

    /// <summary>It is over.</summary>
    Ended,
}
