namespace Atm0s.Sip.Hooks;

/// <summary>What a host may write beside a status code: short enough for one datagram with all the rest, and no end of the line.</summary>
internal static class ReasonPhrase
{
    private const int MaxLength = 256;

    /// <summary>Gives the text back when it can be sent.</summary>
    /// <param name="text">The text, or null for the standard one.</param>
    /// <exception cref="ArgumentException">It is too long, or holds control characters.</exception>
    public static string? Check(string? text)
    {
        if (text is not null && (text.Length > MaxLength || text.Any(char.IsControl)))
            throw new ArgumentException("A reason phrase has at most 256 characters and no control characters.", "reasonPhrase");
        return text;
    }
}
