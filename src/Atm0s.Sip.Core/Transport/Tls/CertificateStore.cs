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
    // A trunk asks for its settings with each connection; one that is gone asks no more.
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    // Of a selector's: more than a host has names.
    private const int MaxChosen = 64;

    private readonly Lock _reading = new();
    private volatile LoadedCertificate[] _ours = [];
    private volatile X509Certificate2Collection? _roots;
    private readonly FileStamps _stamps = new();
    private readonly CertificateEndWatch _ends = new();
    private readonly Dictionary<TlsClientOptions, KeptSettings> _clients = [];
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
            var stamps = FileStamps.Of(Files());
            LoadedCertificate[] ours = [.. options.Certificates.Select(LoadedCertificate.Read)];
            if (ours.Length == 0 && options.SelfSigned)
                ours = _ours.Length > 0 && !IsOld(_ours[0].Certificate) ? _ours : [MakeOwn()];
            _roots = options.TrustedRoots is { } path ? ReadRoots(path) : null;
            _ours = ours;
            foreach (var client in _clients.Keys.ToArray())
                RenewClient(client);
            _stamps.Set(stamps);
            TellEnds();
        }
    }

    /// <summary>When the first of our certificates ends; null when there is none.</summary>
    public DateTimeOffset? Ends => _ours is { Length: > 0 } ours ? ours.Min(one => one.Certificate.NotAfter.ToUniversalTime()) : null;

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
            lock (_reading)
            {
                ForgetClients();
                TellEnds();
                var isOld = options.SelfSigned && _ours is [var own] && options.Certificates.Count == 0 && IsOld(own.Certificate);
                if (!isOld && !_stamps.HaveChanged(Files()))
                    return;
            }

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
                if (one.Names.CoversHost(name))
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
            if (!_clients.TryGetValue(client, out var kept))
            {
                // Its files alone: what else has changed meanwhile is not read yet.
                var stamps = FileStamps.Of(FilesOf(client));
                _clients.Add(client, kept = new KeptSettings(ReadClient(client)));
                _stamps.Add(stamps);
            }

            kept.Used = time.GetUtcNow();
            return kept.Settings;
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
            _clients[client].Settings = ReadClient(client);
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

    // Under the lock, as all that follows.
    private IEnumerable<string> Files() =>
        options.Certificates.SelectMany(FilesOf).Append(options.TrustedRoots).OfType<string>().Concat(_clients.Keys.SelectMany(FilesOf));

    private static IEnumerable<string?> FilesOf(TlsCertificateFile file) => [file.Certificate, file.Key];

    private static IEnumerable<string> FilesOf(TlsClientOptions client) =>
        (client.Certificate is { } own ? FilesOf(own) : []).Append(client.TrustedRoots).OfType<string>();

    private void ForgetClients()
    {
        foreach (var (client, kept) in _clients)
        {
            if (time.GetUtcNow() - kept.Used >= KeptFor)
                _clients.Remove(client);
        }
    }

    private void TellEnds()
    {
        foreach (var (subject, problem) in _ends.Look(_ours, time.GetUtcNow()))
            TransportLog.CertificateEnds(logger, subject, listener.EndPoint, problem);
    }

    // One that we have made ourselves is made anew when two thirds of its time are over.
    private bool IsOld(X509Certificate2 certificate)
    {
        var (begin, end) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return time.GetUtcNow() > begin + ((end - begin) * 2 / 3);
    }

    private List<string> OwnNames()
    {
        List<string> names = ["localhost", "127.0.0.1", "::1"];
        if (listener.AdvertisedHost is { } host)
            names.Insert(0, host);
        if (!listener.EndPoint.Address.Equals(IPAddress.Any) && !listener.EndPoint.Address.Equals(IPAddress.IPv6Any))
            names.Add(listener.EndPoint.Address.ToString());
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private sealed class KeptSettings(ClientSettings settings)
    {
        public ClientSettings Settings { get; set; } = settings;

        public DateTimeOffset Used { get; set; }
    }
}
