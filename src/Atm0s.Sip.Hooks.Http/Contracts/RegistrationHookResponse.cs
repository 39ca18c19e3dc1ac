namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Answer to <c>POST /register</c> and <c>POST /unregister</c>. Only logged.</summary>
public sealed record RegistrationHookResponse
{
    /// <summary>Whether the hook server took note.</summary>
    public required bool Success { get; init; }
}
