namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>How a stream is protected, and how its way is found.</summary>
/// <param name="Keys">Where its keys come from.</param>
/// <param name="Ice">The way, where that is found by checks; null when it is that of the description.</param>
internal sealed record AgreedSecurity(AgreedKeys Keys, AgreedIce? Ice);
