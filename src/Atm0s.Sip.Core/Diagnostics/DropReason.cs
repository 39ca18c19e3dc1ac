namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>Why the stack dropped a message that its transport had taken. The name is the tag of the metric.</summary>
internal enum DropReason : byte
{
    ShardQueueFull,
    TransactionTableFull,
    StrayResponse,
    StrayAck,
    Malformed,
    InternalError,
    NotAdmitted,
    Overload,
    ShortRepetition,
}
