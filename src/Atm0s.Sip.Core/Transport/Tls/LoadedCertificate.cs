using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>A certificate with its key and those above it, as a handshake takes it. It stays as it is: a new file makes another.</summary>
internal sealed class LoadedCertificate
{
    private LoadedCertificate(X509Certificate2 certificate, X509Certificate2Collection above)
    {
        Certificate = certificate;
        Names = CertificateNames.Of(certificate);
        // Offline: a start must not wait for what stands in a certificate.
        Context = SslStreamCertificateContext.Create(certificate, above, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    public CertificateNames Names { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>Takes one that a program has.</summary>
    public static LoadedCertificate Of(X509Certificate2 certificate) => new(certificate, []);

    /// <summary>Reads the files.</summary>
    /// <exception cref="TlsCertificateException">Says what is wrong with which.</exception>
    public static LoadedCertificate Read(TlsCertificateFile file)
    {
        try
        {
            return file.IsPfx ? ReadPfx(file) : ReadPem(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException or NotSupportedException)
        {
            throw new TlsCertificateException(
                $"The certificate {file.Certificate}{(file.Key is { } key ? $" with the key {key}" : "")} can't be used:"
                + $" {exception.Message.ReplaceLineEndings(" ")}",
                exception);
        }
    }

    private static LoadedCertificate ReadPem(TlsCertificateFile file)
    {
        var certificate = file.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(file.Certificate, password, file.Key)
            : X509Certificate2.CreateFromPemFile(file.Certificate, file.Key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file.Certificate);
        return new LoadedCertificate(WithLastingKey(certificate), Without(all, certificate));
    }

    private static LoadedCertificate ReadPfx(TlsCertificateFile file)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file.Certificate, file.Password);
        var certificate = all.FirstOrDefault(one => one.HasPrivateKey)
            ?? throw new CryptographicException("there is no key in it");
        return new LoadedCertificate(certificate, Without(all, certificate));
    }

    private static X509Certificate2Collection Without(X509Certificate2Collection all, X509Certificate2 certificate) =>
        [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))];

    // Windows takes no key for TLS that lives in memory only.
    private static X509Certificate2 WithLastingKey(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
