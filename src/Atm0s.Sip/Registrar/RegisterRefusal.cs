namespace Atm0s.Sip.Registrar;

/// <summary>Why a REGISTER can't be read or granted.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Phrase">Says it in the status line; null takes the standard phrase.</param>
internal readonly record struct RegisterRefusal(int Status, string? Phrase = null);
