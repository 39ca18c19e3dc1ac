namespace Atm0s.Sip.Core.Messages;

/// <summary>
/// Comparison of the headers of two URIs, <c>name=value&amp;name=value</c> (RFC 3261 §19.1.4): none is ignored, their order is.
/// </summary>
internal static class SipUriHeaderComparison
{
    public static bool AreEquivalent(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right)
        || (!SipUriComparison.AreTooMany(left, right, (byte)'&')
            && left.IsEmpty == right.IsEmpty && left.Count((byte)'&') == right.Count((byte)'&') && Covers(left, right)
                && Covers(right, left));

    private static bool Covers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        foreach (var part in left.Split((byte)'&'))
        {
            if (!Contains(right, left[part]))
                return false;
        }

        return true;
    }

    private static bool Contains(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> wanted)
    {
        foreach (var part in headers.Split((byte)'&'))
        {
            if (SipUriComparison.EqualsUnescaped(headers[part], wanted, ignoreCase: true))
                return true;
        }

        return false;
    }
}
