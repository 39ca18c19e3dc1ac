using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Atm0s.Sip.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>
/// The certificates of one listener: read from their files at the start, and again when those have changed. A file that can't be read
/// leaves the certificate that was. Any thread.
/// </summary>
internal sealed class CertificateStore(SipTlsOptions options, SipListenerOptions listener, TimeProvider time, ILogger logger)
{
    // Of a selector's: more than a host has names.
    private const int MaxChosen = 64;

    private readonly Lock _reading = new();
    private volatile LoadedCertificate[] _ours = [];
    private volatile X509Certificate2Collection? _roots;
    private volatile string _stamp = "";
    private readonly Dictionary<TlsClientOptions, ClientSettings> _clients = [];
    private TimeSpan _lookedAt;
    private int _isLooking;
    private readonly ConcurrentDictionary<X509Certificate2, LoadedCertificate> _chosen = new(ReferenceEqualityComparer.Instance);

    /// <summary>The certificates that those of peers must descend from; null for those of the system.</summary>
    public X509Certificate2Collection? Roots => _roots;

    /// <summary>Our first certificate, which we show as a client; null when there is none.</summary>
    public LoadedCertificate? First => _ours.FirstOrDefault();

    /// <summary>Reads everything.</summary>
    /// <exception cref="TlsCertificateException">Something can't be read: all stays as it was.</exception>
    public void Read()
    {
        lock (_reading)
        {
            var stamp = Stamp();
            LoadedCertificate[] ours = [.. options.Certificates.Select(LoadedCertificate.Read)];
            if (ours.Length == 0 && options.SelfSigned)
                ours = _ours.Length > 0 ? _ours : [MakeOwn()];
            _roots = options.TrustedRoots is { } path ? ReadRoots(path) : null;
            _ours = ours;
            foreach (var client in _clients.Keys.ToArray())
                RenewClient(client);
            _stamp = stamp;
        }
    }

    /// <summary>
    /// Looks whether it is time to look at the files. On a thread of the pool, where they may be read; one at a time.
    /// </summary>
    /// <param name="now">The time.</param>
    public void CheckTime(TimeSpan now)
    {
        if (now - _lookedAt < options.CertificateCheckInterval || Interlocked.Exchange(ref _isLooking, 1) == 1)
            return;
        try
        {
            _lookedAt = now;
            ReadIfChanged();
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    /// <summary>Reads everything again when a file has changed. What can't be read leaves all as it was, and is told.</summary>
    private void ReadIfChanged()
    {
        try
        {
            string now;
            lock (_reading)
                now = Stamp();
            if (now == _stamp)
                return;
            Read();
            TransportLog.CertificateRenewed(logger, listener.EndPoint, First?.Certificate.NotAfter);
        }
        catch (TlsCertificateException exception)
        {
            TransportLog.CertificateNotRenewed(logger, exception, listener.EndPoint);
        }
    }

    /// <summary>What is shown to who asks for a name; null when there is nothing.</summary>
    public LoadedCertificate? Choose(string? name)
    {
        if (options.CertificateSelector?.Invoke(name) is { } chosen)
            return Loaded(chosen);
        var ours = _ours;
        if (!string.IsNullOrEmpty(name))
        {
            foreach (var one in ours)
            {
                if (one.Names.Covers(name, allowWildcards: true))
                    return one;
            }
        }

        return ours.Length > 0 ? ours[0] : null;
    }

    /// <summary>What is special where we connect.</summary>
    /// <exception cref="TlsCertificateException">A file of it can't be read.</exception>
    public ClientSettings SettingsOf(TlsClientOptions? client)
    {
        if (client is null)
            return new ClientSettings(First, Roots);
        lock (_reading)
        {
            if (!_clients.TryGetValue(client, out var settings))
            {
                settings = ReadClient(client);
                _clients.Add(client, settings);
                _stamp = Stamp();
            }

            return settings;
        }
    }

    private ClientSettings ReadClient(TlsClientOptions client) => new(
        client.Certificate is { } file ? LoadedCertificate.Read(file) : First,
        client.TrustedRoots is { } path ? ReadRoots(path) : Roots);

    // What is half written at this moment leaves what was; it has another time and size when it is whole.
    private void RenewClient(TlsClientOptions client)
    {
        try
        {
            _clients[client] = ReadClient(client);
        }
        catch (TlsCertificateException exception)
        {
            TransportLog.CertificateNotRenewed(logger, exception, listener.EndPoint);
        }
    }

    private LoadedCertificate MakeOwn()
    {
        var made = LoadedCertificate.Of(SelfSignedCertificate.Create(OwnNames(), time.GetUtcNow()));
        var thumbprint = made.Certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        TransportLog.SelfSigned(logger, listener.EndPoint, thumbprint);
        return made;
    }

    /// <summary>Reads certificates that are trusted.</summary>
    /// <exception cref="TlsCertificateException">They can't be read.</exception>
    internal static X509Certificate2Collection ReadRoots(string path)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(path);
            return roots.Count > 0 ? roots : throw new CryptographicException("there is no certificate in it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            throw new TlsCertificateException(
                $"The trusted certificates of {path} can't be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    // One that a selector gives again and again is prepared once: strangers choose the name that is asked for.
    private LoadedCertificate Loaded(X509Certificate2 chosen)
    {
        if (_chosen.TryGetValue(chosen, out var loaded))
            return loaded;
        if (_chosen.Count >= MaxChosen)
            _chosen.Clear();
        return _chosen.GetOrAdd(chosen, LoadedCertificate.Of);
    }

    // Times and sizes of all files: when they are other ones something has changed. Under the lock.
    private string Stamp()
    {
        var files = options.Certificates.SelectMany(FilesOf).Append(options.TrustedRoots)
            .Concat(_clients.Keys.SelectMany(client => (client.Certificate is { } own ? FilesOf(own) : []).Append(client.TrustedRoots)));
        return string.Join('|', files.OfType<string>().Select(StampOf));
    }

    private static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // A link, as those of certbot and of Kubernetes, is replaced; what it leads to is what counts.
            var target = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file : file;
            return target.Exists ? $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}" : path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being replaced just now, or leads nowhere: not what it was.
            return path;
        }
    }

    private static IEnumerable<string?> FilesOf(TlsCertificateFile file) => [file.Certificate, file.Key];

    private List<string> OwnNames()
    {
        List<string> names = ["localhost", "127.0.0.1", "::1"];
        if (listener.AdvertisedHost is { } host)
            names.Insert(0, host);
        if (!listener.EndPoint.Address.Equals(IPAddress.Any) && !listener.EndPoint.Address.Equals(IPAddress.IPv6Any))
            names.Add(listener.EndPoint.Address.ToString());
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
