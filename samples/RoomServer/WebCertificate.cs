using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RoomServer;

/// <summary>The certificate of --http https://, and those above it: from files, or one for trying out.</summary>
internal static class WebCertificate
{
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static (X509Certificate2 Own, X509Certificate2Collection Chain) Load(Arguments arguments)
    {
        if (arguments.Certificate is not { } file)
        {
            return arguments.SelfSigned ? (CreateForTrying(), [])
                : throw new FormatException("--http https:// wants --certificate FILE and --key FILE (PEM), or --self-signed for trying out.");
        }

        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(file, arguments.Key);
            // Who connects may know none but the last one above it.
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            // Windows can't use a key that is in memory only as it was read.
            return (X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), chain);
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--certificate {file} can't be used: {wrong.Message}", wrong);
        }
    }

    private static X509Certificate2 CreateForTrying()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
