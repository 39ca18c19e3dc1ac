using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>What stands around the nonce in every challenge of one algorithm.</summary>
internal sealed class ChallengeTemplate(string realm, DigestAlgorithm algorithm)
{
    private readonly byte[] _before = Encoding.UTF8.GetBytes($"Digest realm=\"{Escaped(realm)}\", nonce=\"");
    private readonly byte[] _after = Encoding.UTF8.GetBytes($"\", algorithm={algorithm.ToToken()}, qop=\"auth\"");

    public ReadOnlySpan<byte> BeforeNonce => _before;

    public ReadOnlySpan<byte> AfterNonce => _after;

    // RFC 3261 §25.1: a quoted-pair.
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
