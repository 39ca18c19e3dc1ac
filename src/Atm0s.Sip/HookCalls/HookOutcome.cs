namespace Atm0s.Sip.HookCalls;

/// <summary>How a question to the host ended.</summary>
internal enum HookStatus
{
    Answered,
    Failed,
    Unavailable,
    TimedOut,
    Cancelled,
    NoHandler,
}

/// <summary>The answer of the host, or why there is none.</summary>
internal readonly record struct HookOutcome<T>(HookStatus Status, T? Answer = default);
