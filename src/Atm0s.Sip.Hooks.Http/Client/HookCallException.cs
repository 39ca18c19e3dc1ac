using System.Globalization;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// A hook could not be asked. Says why, but nothing that was sent or received. To the server it means that the host can't say now: whoever
/// wanted to be let in is refused with 503 and Retry-After.
/// </summary>
public sealed class HookCallException : IOException
{
    internal HookCallException(HookCallOutcome outcome, int statusCode = 0, string? detail = null)
        : base(Describe(outcome, statusCode) + (detail is null ? "" : $" ({detail})")) => (Outcome, StatusCode) = (outcome, statusCode);

    /// <summary>What went wrong.</summary>
    public HookCallOutcome Outcome { get; }

    /// <summary>The HTTP status, 100 to 599, when <see cref="Outcome"/> is <see cref="HookCallOutcome.Status"/>; else 0.</summary>
    public int StatusCode { get; }

    /// <summary>Whether nothing reached the hook server, so that asking again can't make it act twice.</summary>
    internal bool IsUnsent { get; init; }

    /// <summary>Whether the hook server may have done something about the question.</summary>
    internal bool MayHaveReached => !IsUnsent && Outcome is not (HookCallOutcome.BreakerOpen or HookCallOutcome.RefusedAddress);

    private static string Describe(HookCallOutcome outcome, int statusCode) => outcome switch
    {
        HookCallOutcome.Status => string.Create(CultureInfo.InvariantCulture, $"The hook server answered with status {statusCode}."),
        HookCallOutcome.Timeout => "The hook server did not answer in time.",
        HookCallOutcome.TooLarge => "The hook server's answer is larger than 64 KiB.",
        HookCallOutcome.Unparsable => "The hook server's answer is not what the contract says.",
        HookCallOutcome.RefusedAddress => "The hook server's address is not allowed.",
        HookCallOutcome.BreakerOpen => "The hook server is not asked for a while: it could not be reached.",
        _ => "The hook server can't be reached.",
    };
}
