namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>What a browser hears, as Pages/listen.js tells it.</summary>
/// <param name="Hz">Strongest frequency.</param>
/// <param name="Level">Its level, dB of full scale.</param>
/// <param name="Dtls">State of DTLS.</param>
/// <param name="Suite">Suite of SRTP.</param>
/// <param name="Codec">Codec of what comes.</param>
/// <param name="Packets">Packets that came.</param>
internal sealed record Heard(double Hz, double Level, string? Dtls, string? Suite, string? Codec, long Packets);
