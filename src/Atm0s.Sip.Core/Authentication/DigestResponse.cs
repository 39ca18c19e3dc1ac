using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>The computation of a digest response (RFC 7616 §3.4.1, RFC 2617 §3.2.2.1).</summary>
internal static class DigestResponse
{
    /// <summary>Writes the response in lower-case hex and returns its length.</summary>
    public static int Compute(
        DigestAlgorithm algorithm, ReadOnlySpan<char> ha1, in DigestInput input, ReadOnlySpan<byte> method, Span<byte> response)
    {
        Span<byte> first = stackalloc byte[DigestAlgorithms.MaxHexLength];
        Ascii.ToLower(ha1, first, out var firstLength);
        Span<byte> scratch = stackalloc byte[512];
        if (input.IsSession)
        {
            // A1 = H(username:realm:password):nonce:cnonce
            var session = new ByteJoiner(scratch);
            session.Add(first[..firstLength]);
            session.Add(input.Nonce);
            session.Add(input.Cnonce);
            firstLength = algorithm.HashHex(session.Bytes, first);
        }

        Span<byte> second = stackalloc byte[DigestAlgorithms.MaxHexLength];
        var a2 = new ByteJoiner(scratch);
        a2.Add(method);
        a2.Add(input.Uri);
        var secondLength = algorithm.HashHex(a2.Bytes, second);

        var all = new ByteJoiner(scratch);
        all.Add(first[..firstLength]);
        all.Add(input.Nonce);
        if (!input.Qop.IsEmpty)
        {
            all.Add(input.NonceCount);
            all.Add(input.Cnonce);
            all.Add(input.Qop);
        }

        all.Add(second[..secondLength]);
        return algorithm.HashHex(all.Bytes, response);
    }
}
