namespace Atm0s.Sip.Hooks.Routing;

/// <summary>A pattern for numbers and names: <c>*</c> stands for any characters or none, <c>?</c> for exactly one, <c>#</c> for one digit;
/// everything else
/// stands for itself, in its own case (RFC 3261 §19.1.4 compares user parts by case).</summary>
public sealed class NumberPattern
{
    private const int MaxLength = 128;
    private readonly string _pattern;

    /// <summary>Makes a pattern.</summary>
    /// <param name="pattern">For example <c>9*</c>, <c>+4930####</c>; 1 to 128 characters.</param>
    /// <exception cref="ArgumentException">Empty or too long.</exception>
    public NumberPattern(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (pattern.Length > MaxLength)
            throw new ArgumentException($"A number pattern has at most {MaxLength} characters.", nameof(pattern));
        _pattern = pattern;
    }

    /// <summary>Whether a number fits. Costs at most the product of both lengths.</summary>
    /// <param name="number">The number or name.</param>
    public bool IsMatch(ReadOnlySpan<char> number)
    {
        var (at, place) = (0, 0);
        var (star, resume) = (-1, 0);
        while (place < number.Length)
        {
            if (at < _pattern.Length && _pattern[at] == '*')
            {
                (star, resume) = (at++, place);
            }
            else if (at < _pattern.Length && Fits(_pattern[at], number[place]))
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                at = star + 1;
                place = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (at < _pattern.Length && _pattern[at] == '*')
            at++;
        return at == _pattern.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => _pattern;

    private static bool Fits(char pattern, char character) => pattern switch
    {
        '?' => true,
        '#' => char.IsAsciiDigit(character),
        _ => pattern == character,
    };
}
