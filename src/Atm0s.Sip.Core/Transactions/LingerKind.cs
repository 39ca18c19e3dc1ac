namespace Atm0s.Sip.Core.Transactions;

/// <summary>What a transaction is that has nothing to do but to know its repetitions.</summary>
internal enum LingerKind : byte
{
    /// <summary>Not an INVITE, Completed: each repetition gets the response again until timer J (RFC 3261 §17.2.2).</summary>
    Answered,

    /// <summary>
    /// INVITE, Completed, and its response is not repeated by itself any more: a repetition gets it again, until timer H.
    /// </summary>
    Refused,

    /// <summary>INVITE, Confirmed: everything is absorbed until timer I (RFC 3261 §17.2.1).</summary>
    Confirmed,

    /// <summary>INVITE, Accepted: repetitions are absorbed and ACKs passed up until timer L (RFC 6026 §7.1).</summary>
    Accepted,

    /// <summary>
    /// Not an INVITE, Trying: repetitions are discarded (RFC 3261 §17.2.2). Only for what is answered within the same turn of the shard: it
    /// has no timer of RFC 4320.
    /// </summary>
    Trying,
}
