using System.Buffers;
using System.Text;

namespace Atm0s.Sip.Registrar;

/// <summary>Text of a message that is as a rule the same as what is known already: then no new string is made of it.</summary>
internal static class KnownText
{
    private const int MaxOnStack = 256;

    /// <summary>The text, as the string that is known already where that is the same.</summary>
    /// <param name="known">What is known, or null.</param>
    /// <param name="text">UTF-8.</param>
    public static string Of(string? known, ReadOnlySpan<byte> text) =>
        known is not null && AreEqual(known, text) ? known : Encoding.UTF8.GetString(text);

    /// <summary>Whether a string is that text.</summary>
    /// <param name="known">The string.</param>
    /// <param name="text">UTF-8.</param>
    public static bool AreEqual(string known, ReadOnlySpan<byte> text)
    {
        // What is all ASCII, as nearly everything is, needs no decoding; it has a char for each byte.
        if (System.Text.Ascii.Equals(text, known))
            return true;
        if (System.Text.Ascii.IsValid(text))
            return false;
        var rented = text.Length > MaxOnStack ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        var buffer = rented ?? stackalloc char[MaxOnStack];
        var length = Encoding.UTF8.GetChars(text, buffer);
        var areEqual = buffer[..length].SequenceEqual(known);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return areEqual;
    }
}
