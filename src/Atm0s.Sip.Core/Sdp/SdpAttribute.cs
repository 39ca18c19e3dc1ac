namespace Atm0s.Sip.Core.Sdp;

/// <summary>An a-line that the model has no member for.</summary>
/// <param name="Name">Before the colon.</param>
/// <param name="Value">Behind it, or null for a flag.</param>
public sealed record SdpAttribute(string Name, string? Value);
