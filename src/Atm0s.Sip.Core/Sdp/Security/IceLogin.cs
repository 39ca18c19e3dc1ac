using System.Buffers;

namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>A fragment of a user name and its password (RFC 8839 §5.4). Its text does not show the password.</summary>
/// <param name="Ufrag">4 to 256 of letters, digits, + and /.</param>
/// <param name="Password">22 to 256 of them.</param>
internal sealed record IceLogin(string Ufrag, string Password)
{
    private const int MaxLength = 256;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>Whether both are as RFC 8839 §5.4 wants them.</summary>
    public bool IsValid => IsPlain(Ufrag, 4) && IsPlain(Password, 22);

    /// <summary>Tells the fragment alone.</summary>
    public override string ToString() => Ufrag;

    private static bool IsPlain(string text, int min) =>
        text.Length >= min && text.Length <= MaxLength && !text.AsSpan().ContainsAnyExcept(Characters);
}
