namespace Atm0s.Sip;

/// <summary>What became of a command to a call.</summary>
public enum CallCommandResult
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was so already; nothing changed. Repeating a command is safe.</summary>
    AlreadyDone,

    /// <summary>The call has ended, before the command or while it was carried out.</summary>
    Ended,

    /// <summary>
    /// The call can't do that now, or at all: answering an outgoing call, rejecting one that is answered, digits for a phone that takes
    /// none.
    /// </summary>
    NotPossible,
}
