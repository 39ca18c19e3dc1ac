using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RoomServer;

/// <summary>
/// The certificate of --http https://, and those above it: from files, or one for trying out. Files that have changed are read again
/// within a minute, as those of tls:// are; what can't be read leaves what was.
/// </summary>
internal sealed class WebCertificate
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Arguments _arguments;
    private readonly TimeProvider _time;
    private readonly TextWriter _problems;
    private SslStreamCertificateContext _current;
    private string _stamp;
    private long _lookedAt;

    /// <exception cref="FormatException">Says what is wrong.</exception>
    public WebCertificate(Arguments arguments, TimeProvider time, TextWriter problems)
    {
        (_arguments, _time, _problems) = (arguments, time, problems);
        (_stamp, _lookedAt) = (Stamp(), time.GetTimestamp());
        _current = Load();
    }

    /// <summary>What is shown now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_lookedAt) >= Interval)
                    Look();
                return _current;
            }
        }
    }

    private void Look()
    {
        _lookedAt = _time.GetTimestamp();
        var now = Stamp();
        if (now == _stamp)
            return;
        try
        {
            _current = Load();
            _stamp = now;
        }
        catch (FormatException wrong)
        {
            _problems.WriteLine($"{wrong.Message} The certificate of before is shown.");
        }
    }

    private SslStreamCertificateContext Load()
    {
        if (_arguments.Certificate is not { } file)
        {
            return _arguments.SelfSigned
                ? SslStreamCertificateContext.Create(CreateForTrying(), null, offline: true)
                : throw new FormatException(
                    "--http https:// wants --certificate FILE and --key FILE (PEM), or --self-signed for trying out.");
        }

        try
        {
            var (own, above) = IsPfx(file) ? ReadPfx(file) : ReadPem(file, _arguments.Key);
            return SslStreamCertificateContext.Create(own, above, offline: true);
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"--certificate {file} can't be used: {wrong.Message}", wrong);
        }
    }

    private static bool IsPfx(string file) => Path.GetExtension(file).ToLowerInvariant() is ".pfx" or ".p12";

    private static (X509Certificate2 Own, X509Certificate2Collection Above) ReadPem(string file, string? key)
    {
        using var pem = X509Certificate2.CreateFromPemFile(file, key);
        // Who connects may know none but the last one above it.
        var above = new X509Certificate2Collection();
        above.ImportFromPemFile(file);
        // Windows can't use a key that is in memory only as it was read.
        return (X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), above);
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Above) ReadPfx(string file)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, null);
        return (all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("there is no key in it"), all);
    }

    // Times and sizes of what the links lead to.
    private string Stamp() => string.Join('|', new[] { _arguments.Certificate, _arguments.Key }.OfType<string>().Select(StampOf));

    private static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file : file;
            return target.Exists ? $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}" : path;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return path;
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
