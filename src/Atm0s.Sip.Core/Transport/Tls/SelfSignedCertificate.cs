using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>A certificate for trying out: its key is in memory only, and gone with the process.</summary>
internal static class SelfSignedCertificate
{
    /// <summary>Makes one.</summary>
    /// <param name="names">Host names and addresses it is for; the first is its subject.</param>
    /// <param name="now">The time; it holds from a day before for a year.</param>
    public static X509Certificate2 Create(IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedNameBuilder().Also(names[0]).Build(), key, HashAlgorithmName.SHA256);
        var also = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                also.AddIpAddress(address);
            else
                also.AddDnsName(name);
        }

        request.CertificateExtensions.Add(also.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static X500DistinguishedNameBuilder Also(this X500DistinguishedNameBuilder builder, string name)
    {
        builder.AddCommonName(name);
        return builder;
    }
}
