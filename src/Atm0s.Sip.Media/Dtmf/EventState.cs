namespace Atm0s.Sip.Media.Dtmf;

/// <summary>What is known of the last event.</summary>
internal enum EventState
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It is under way.</summary>
    Pressed,

    /// <summary>It is over, and the host knows.</summary>
    Told,
}
