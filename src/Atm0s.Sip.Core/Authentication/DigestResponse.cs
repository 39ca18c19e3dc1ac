using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>The computation of a digest response (RFC 7616 §3.4.1, RFC 2617 §3.2.2.1).</summary>
internal static class DigestResponse
{
    /// <summary>Writes the response in lower-case hex and returns its length.</summary>
    public static int Compute(
        DigestAlgorithm algorithm, bool isSession, ReadOnlySpan<char> ha1, string nonce, string? qop, string nonceCount, string cnonce,
            string method, string uri, Span<byte> response)
    {
        Span<byte> first = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var firstLength = Lower(ha1, first);
        Span<byte> scratch = stackalloc byte[512];
        if (isSession)
        {
            // A1 = H(username:realm:password):nonce:cnonce
            var session = new ByteJoiner(scratch);
            session.Add(first[..firstLength]);
            session.Add(nonce);
            session.Add(cnonce);
            firstLength = algorithm.HashHex(session.Bytes, first);
        }

        Span<byte> second = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var a2 = new ByteJoiner(scratch);
        a2.Add(method);
        a2.Add(uri);
        var secondLength = algorithm.HashHex(a2.Bytes, second);

        var all = new ByteJoiner(scratch);
        all.Add(first[..firstLength]);
        all.Add(nonce);
        if (qop is not null)
        {
            all.Add(nonceCount);
            all.Add(cnonce);
            all.Add(qop);
        }

        all.Add(second[..secondLength]);
        return algorithm.HashHex(all.Bytes, response);
    }

    private static int Lower(ReadOnlySpan<char> hex, Span<byte> output)
    {
        Ascii.ToLower(hex, output, out var written);
        return written;
    }
}
