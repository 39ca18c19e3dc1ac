using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.TestKit.Certificates;

/// <summary>Makes certificates while a test runs: one that signs, and those that it signs. Their files go with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atm0s-tls-");
    private int _files;

    /// <summary>Makes an authority of its own.</summary>
    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddYears(2));
        RootFile = Write("root.pem", _root.ExportCertificatePem());
    }

    /// <summary>PEM file of the certificate that signs.</summary>
    public string RootFile { get; }

    /// <summary>Folder of the files.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Makes a certificate.</summary>
    /// <param name="names">
    /// DNS names, addresses, and URIs (what has a colon and is no address) of its subjectAltName; the first is its CN. <c>CN=name</c>
    /// alone makes
    /// one without subjectAltName.
    /// </param>
    public X509Certificate2 Issue(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var isBare = names[0].StartsWith("CN=", StringComparison.Ordinal);
        var request = new CertificateRequest(isBare ? names[0] : $"CN={names[0]}", key, HashAlgorithmName.SHA256);
        if (!isBare)
            request.CertificateExtensions.Add(Also(names));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var signed = request.Create(
            _root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(
            whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Writes a certificate and its key as PEM, over those that are there.</summary>
    /// <param name="certificate">It.</param>
    /// <param name="name">Name of the files without their ends; null takes a new one.</param>
    public (string Certificate, string Key) WritePem(X509Certificate2 certificate, string? name = null)
    {
        name ??= $"c{++_files}";
        using var key = certificate.GetECDsaPrivateKey()!;
        return (Write($"{name}.crt", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Writes a certificate and its key as PKCS #12.</summary>
    public string WritePfx(X509Certificate2 certificate, string password)
    {
        var path = Path.Combine(Folder, $"c{++_files}.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private static X509Extension Also(string[] names)
    {
        var also = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                also.AddIpAddress(address);
            else if (name.Contains(':', StringComparison.Ordinal))
                also.AddUri(new Uri(name));
            else
                also.AddDnsName(name);
        }

        return also.Build();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
