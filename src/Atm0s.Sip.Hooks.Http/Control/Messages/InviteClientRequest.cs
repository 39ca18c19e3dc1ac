namespace Atm0s.Sip.Hooks.Http.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/client</c>: ring a registered phone.</summary>
public sealed record InviteClientRequest
{
    /// <summary>Room the phone joins when it answers; 1 to 256 characters.</summary>
    public string? RoomId { get; init; }

    /// <summary>Session of the registration to ring (<c>session_id</c> of the register hook).</summary>
    public string? DestSessionId { get; init; }

    /// <summary>Number shown to the phone.</summary>
    public string? FromNumber { get; init; }

    /// <summary>Taken and not used, as by the original.</summary>
    public string? ServerAlias { get; init; }

    /// <summary>Taken and not used, as by the original: events go to the configured hook server.</summary>
    public string? HookUri { get; init; }
}
