namespace Atm0s.Sip.Core.Parsing;

/// <summary>
/// Tells whether a byte of a header line is the second one of a quoted-pair (RFC 3261 §25.1). Goes over the line once, however often it is
/// asked.
/// </summary>
/// <param name="start">Where the line begins.</param>
internal struct QuotedPairs(int start)
{
    private int _next = start;
    private bool _inQuotes;

    /// <summary>Whether the byte at <paramref name="at"/> is escaped; ask in ascending order.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes, int at)
    {
        for (; _next < at; _next++)
        {
            if (bytes[_next] == '"')
                _inQuotes = !_inQuotes;
            else if (_inQuotes && bytes[_next] == '\\')
                _next++;
        }

        return _next > at;
    }
}
