using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Ice;

/// <summary>A fragment of a user name and a password (RFC 8445 §5.3), for one leg. Its text does not show the password.</summary>
/// <param name="Ufrag">4 to 256 letters, digits, + and /.</param>
/// <param name="Password">22 to 256 of them.</param>
public sealed record IceCredentials(string Ufrag, string Password)
{
    /// <summary>The longest fragment and the longest password (RFC 8839 §5.4).</summary>
    public const int MaxLength = 256;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Makes new ones at random: 48 bits and 144 bits (RFC 8445 §5.3 wants 24 and 128).</summary>
    public static IceCredentials Create() =>
        new(RandomNumberGenerator.GetString(Alphabet, 8), RandomNumberGenerator.GetString(Alphabet, 24));

    /// <inheritdoc/>
    public override string ToString() => Ufrag;
}
