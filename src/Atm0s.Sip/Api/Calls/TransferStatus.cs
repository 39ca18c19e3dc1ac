namespace Atm0s.Sip;

/// <summary>How a transfer that the host asked a phone for has gone.</summary>
public enum TransferStatus
{
    /// <summary>The phone has reached the target (its NOTIFY said 2xx). Its call here ends as transferred.</summary>
    Completed,

    /// <summary>
    /// The phone has accepted, and tells nothing more (RFC 4488, or it ended its reports at once). Its call here goes on.
    /// </summary>
    Accepted,

    /// <summary>The phone refused; nothing has changed.</summary>
    Refused,

    /// <summary>The phone tried, and the target did not take the call. Its call here goes on.</summary>
    Failed,

    /// <summary>The phone did not say in time how it went. Its call here goes on.</summary>
    TimedOut,

    /// <summary>The call ended before the phone had said how it went.</summary>
    Ended,

    /// <summary>
    /// The call can't be transferred: it is not answered, another transfer is under way, or the phone does not know REFER (its Allow leaves
    /// it out, or it answered 405 or 501).
    /// </summary>
    NotPossible,
}
