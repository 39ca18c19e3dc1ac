namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/mute</c>.</summary>
public sealed record MuteRequest
{
    /// <summary>True to mute, false to unmute. Default true.</summary>
    public bool Muted { get; set; } = true;
}
