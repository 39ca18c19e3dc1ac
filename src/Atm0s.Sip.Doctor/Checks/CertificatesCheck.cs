using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Certificates of the TLS listeners and of trunks can be used, are in date, and have the names that phones look for.</summary>
internal sealed class CertificatesCheck(TimeProvider? time = null) : IDoctorCheck
{
    /// <summary>What is left of a certificate when it is time for another.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "certificates";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var server = context.Server;
        var findings = new List<DoctorFinding>();
        var secure = server.Listeners.Where(listener => listener.Protocol == SipTransportProtocol.Tls);
        foreach (var listeners in secure.GroupBy(listener => listener.Tls ?? server.Tls))
            findings.AddRange(Examine(listeners.Key, [.. listeners], server));
        foreach (var trunk in server.Trunks)
        {
            if (trunk.Tls?.Certificate is { } file)
                findings.Add(Examine(file, $"of {trunk.Name}", isForPhones: false, out _));
            if (trunk.Tls?.TrustedRoots is { } roots)
                findings.Add(ExamineRoots(roots, $"for {trunk.Name}"));
        }

        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(findings);
    }

    private List<DoctorFinding> Examine(SipTlsOptions tls, List<SipListenerOptions> listeners, SipServerOptions server)
    {
        var findings = new List<DoctorFinding>();
        var where = $"of {string.Join(", ", listeners)}";
        var ours = new List<LoadedCertificate>();
        foreach (var file in tls.Certificates)
        {
            findings.Add(Examine(file, where, isForPhones: true, out var loaded));
            if (loaded is not null)
                ours.Add(loaded);
        }

        if (tls.TrustedRoots is { } roots)
            findings.Add(ExamineRoots(roots, where));
        if (tls.Certificates.Count == 0)
        {
            findings.Add(tls.CertificateSelector is not null ? DoctorFinding.Ok(Name, $"{where}: the program chooses them")
                : tls.SelfSigned ? DoctorFinding.Warning(
                    Name, $"{where}: one is made at the start, which no phone trusts", "For more than trying out set Tls.Certificates.")
                : DoctorFinding.Failed(Name, $"{where}: there is none", "Set Tls.Certificates, or Tls.SelfSigned = true for trying out."));
        }
        else if (ours.Count > 0 && tls.CertificateSelector is null)
        {
            // RFC 5922 §7.3: a phone looks for the domain that it calls, which need not be the name of the machine.
            foreach (var name in NamesOf(listeners, server).Where(name => !ours.Exists(one => one.Names.Covers(name, allowWildcards: true))))
            {
                findings.Add(DoctorFinding.Warning(
                    Name,
                    $"{where}: none is for {name}, they are for {string.Join(", ", ours.SelectMany(one => one.Names.Domains).Take(4))}",
                    "Phones that are given this name refuse the connection: get a certificate that has it."));
            }
        }

        return findings;
    }

    private static IEnumerable<string> NamesOf(List<SipListenerOptions> listeners, SipServerOptions server) =>
        listeners.Select(listener => listener.AdvertisedHost).Append(server.Domain).OfType<string>()
            .Where(name => Uri.CheckHostName(name) == UriHostNameType.Dns)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private DoctorFinding Examine(TlsCertificateFile file, string where, bool isForPhones, out LoadedCertificate? loaded)
    {
        loaded = null;
        try
        {
            loaded = LoadedCertificate.Read(file);
        }
        catch (TlsCertificateException exception)
        {
            return DoctorFinding.Failed(
                Name, $"{where}: {exception.Message}", "See the path, who may read the file, and whether the key is that of the certificate.");
        }

        return Judge(file, where, loaded, isForPhones);
    }

    private DoctorFinding Judge(TlsCertificateFile file, string where, LoadedCertificate loaded, bool isForPhones)
    {
        var (now, certificate) = (_time.GetUtcNow(), loaded.Certificate);
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        if (to <= now)
        {
            return DoctorFinding.Failed(
                Name, $"{where}: {file} has been out of date since {Day(to)}", "Renew it; the server takes the new file by itself.");
        }

        if (from > now)
            return DoctorFinding.Failed(Name, $"{where}: {file} holds from {Day(from)} on only", "See the clock of this machine (timedatectl).");
        if (to - now < Soon)
        {
            return DoctorFinding.Warning(
                Name,
                $"{where}: {file} holds until {Day(to)} only, for {(int)(to - now).TotalDays} days more",
                "Renew it, and see why that is not done by itself (systemctl list-timers, certbot renew --dry-run).");
        }

        return !isForPhones || IsKnownToTheSystem(loaded)
            ? DoctorFinding.Ok(Name, $"{where}: {file} holds until {Day(to)}")
            : DoctorFinding.Warning(
                Name,
                $"{where}: {file} holds until {Day(to)}, and comes from nobody whom this system trusts",
                "Right where the phones were given its root; else see whether the file has the certificates between it and the root, too.");
    }

    private bool IsKnownToTheSystem(LoadedCertificate loaded)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                // Nothing is fetched: what a phone is not shown it does not have either.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
            },
        };
        foreach (var above in loaded.Context.IntermediateCertificates)
            chain.ChainPolicy.ExtraStore.Add(above);
        return chain.Build(loaded.Certificate);
    }

    private DoctorFinding ExamineRoots(string path, string where)
    {
        try
        {
            var roots = CertificateStore.ReadRoots(path);
            var old = roots.Count(root => root.NotAfter.ToUniversalTime() <= _time.GetUtcNow().UtcDateTime);
            return old == roots.Count
                ? DoctorFinding.Failed(Name, $"{where}: all trusted certificates in {path} are out of date", "Get new ones.")
                : DoctorFinding.Ok(Name, $"{where}: {path} has {roots.Count} trusted certificates");
        }
        catch (TlsCertificateException exception)
        {
            return DoctorFinding.Failed(Name, $"{where}: {exception.Message}", "See the path, and who may read the file: it has to be PEM.");
        }
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
