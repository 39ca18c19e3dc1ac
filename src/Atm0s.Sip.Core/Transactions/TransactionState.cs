namespace Atm0s.Sip.Core.Transactions;

/// <summary>The states of the four machines (RFC 3261 figures 5 to 8 with RFC 6026 figures 5 and 7).</summary>
internal enum TransactionState : byte
{
    /// <summary>INVITE client: sent, nothing heard.</summary>
    Calling,

    /// <summary>Non-INVITE: client sent and heard nothing, server has not answered.</summary>
    Trying,

    /// <summary>A provisional response came or went (INVITE server: from the start).</summary>
    Proceeding,

    /// <summary>A final response came or went (INVITE: 300 to 699).</summary>
    Completed,

    /// <summary>INVITE, RFC 6026: a 2xx came or went.</summary>
    Accepted,

    /// <summary>INVITE server: the ACK has come.</summary>
    Confirmed,

    /// <summary>Over; the transaction must be forgotten at once.</summary>
    Terminated,
}
