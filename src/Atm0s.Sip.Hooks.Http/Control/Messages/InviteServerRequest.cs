namespace Atm0s.Sip.Hooks.Http.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/server</c>: call another SIP server.</summary>
public sealed record InviteServerRequest
{
    /// <summary>Room the called side joins when it answers; 1 to 256 characters.</summary>
    public string? RoomId { get; init; }

    /// <summary>Address of the server, <c>ip:port</c>.</summary>
    public string? DestAddr { get; init; }

    /// <summary>Answers its digest challenge; absent when it needs none.</summary>
    public DestAuth? DestAuth { get; init; }

    /// <summary>Number shown to the called side.</summary>
    public string? FromNumber { get; init; }

    /// <summary>Number to call.</summary>
    public string? ToNumber { get; init; }

    /// <summary>Taken and not used, as by the original.</summary>
    public string? ServerAlias { get; init; }

    /// <summary>Taken and not used, as by the original: events go to the configured hook server.</summary>
    public string? HookUri { get; init; }
}
