using Atm0s.Sip.Media.Srtp;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Protection profiles, and the keys that follow from them (RFC 5764 §4.1, §4.2).</summary>
internal static class SrtpProfiles
{
    /// <summary>All of ours, the best one first.</summary>
    public static int[] Offered { get; } = [.. SrtpSuite.All.Select(suite => (int)suite.DtlsProfile)];

    /// <summary>The first of ours that a client offers.</summary>
    /// <exception cref="NoCommonProfileException">There is none, or no <c>use_srtp</c> at all.</exception>
    public static SrtpSuite Choose(UseSrtpData? offer) =>
        offer is null ? throw new NoCommonProfileException()
        : SrtpSuite.All.FirstOrDefault(suite => Array.IndexOf(offer.ProtectionProfiles, suite.DtlsProfile) >= 0)
            ?? throw new NoCommonProfileException();

    /// <summary>What a server has chosen.</summary>
    /// <exception cref="NoCommonProfileException">Nothing, not one of ours, or with a key identifier that we did not offer.</exception>
    public static SrtpSuite Check(UseSrtpData? answer) =>
        answer is { ProtectionProfiles: [var profile], Mki.Length: 0 } && SrtpSuite.Find((ushort)profile) is { } suite
            ? suite
            : throw new NoCommonProfileException();

    /// <summary>Exports the keys: those of both sides, then their salts (RFC 5764 §4.2).</summary>
    public static SrtpKeys Export(TlsContext context, SrtpSuite suite, DtlsRole role)
    {
        var (key, salt) = (suite.KeyLength, suite.SaltLength);
        var material = context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt)).AsSpan();
        var client = new SrtpKey(suite, material[..key], material.Slice(2 * key, salt));
        var server = new SrtpKey(suite, material.Slice(key, key), material.Slice((2 * key) + salt, salt));
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(material);
        return role == DtlsRole.Client ? new SrtpKeys(client, server) : new SrtpKeys(server, client);
    }
}
