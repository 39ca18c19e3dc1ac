namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/automatic_gain</c>.</summary>
public sealed record AutomaticGainRequest
{
    /// <summary>True to let the gain follow the voice, false to hear it as it comes. Default true.</summary>
    public bool On { get; init; } = true;
}
