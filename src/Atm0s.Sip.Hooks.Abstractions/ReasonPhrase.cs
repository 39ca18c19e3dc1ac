namespace Atm0s.Sip.Hooks;

/// <summary>What a host may write beside a status code: short enough for one datagram with all the rest, and no end of the line.</summary>
internal static class ReasonPhrase
{
    private const int MaxLength = 256;

    /// <summary>Gives the text back when it can be sent.</summary>
    /// <param name="reasonPhrase">The text, or null for the standard one.</param>
    /// <exception cref="ArgumentException">It is too long, or holds control characters.</exception>
    public static string? Check(string? reasonPhrase)
    {
        if (reasonPhrase is not null && (reasonPhrase.Length > MaxLength || reasonPhrase.Any(char.IsControl)))
            throw new ArgumentException("A reason phrase has at most 256 characters and no control characters.", nameof(reasonPhrase));
        return reasonPhrase;
    }
}
