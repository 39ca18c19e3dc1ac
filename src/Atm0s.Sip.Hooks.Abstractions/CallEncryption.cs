namespace Atm0s.Sip.Hooks;

/// <summary>How the audio of a call is encrypted.</summary>
/// <param name="Keys">Where the keys come from: <see cref="MediaKeyExchange.Sdes"/> or <see cref="MediaKeyExchange.Dtls"/>.</param>
/// <param name="Suite">Name of the SRTP suite, for example <c>AES_CM_128_HMAC_SHA1_80</c>; empty while a handshake has still to choose
/// it.</param>
public sealed record CallEncryption(MediaKeyExchange Keys, string Suite)
{
    /// <summary>Both in a word or two: <c>sdes AEAD_AES_256_GCM</c>.</summary>
    public override string ToString() => $"{(Keys == MediaKeyExchange.Dtls ? "dtls" : "sdes")} {Suite}".TrimEnd();
}
