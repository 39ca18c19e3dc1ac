namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a response to our INVITE means for its dialogs (RFC 3261 §13.2.2).</summary>
internal enum ForkNews : byte
{
    /// <summary>No dialog: a 100, a response without To tag, or one fork more than we follow.</summary>
    None,

    /// <summary>A provisional response of this dialog, which it may have made.</summary>
    Progress,

    /// <summary>199: this early dialog is over, the others go on (RFC 6228).</summary>
    Ended,

    /// <summary>The first 2xx of this dialog: send the ACK.</summary>
    Confirmed,

    /// <summary>A 2xx again: send the ACK again (<see cref="ClientAcks"/>).</summary>
    Repeated,

    /// <summary>Another final response: all early dialogs are over.</summary>
    Failed,
}
