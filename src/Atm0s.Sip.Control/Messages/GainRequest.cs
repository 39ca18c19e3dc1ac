namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/gain</c>.</summary>
public sealed record GainRequest
{
    /// <summary>-40 to +20 dB; 0, the default, is as it comes.</summary>
    public double Decibels { get; init; }
}
