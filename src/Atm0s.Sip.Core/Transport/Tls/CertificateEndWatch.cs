using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Says when a certificate ends soon, has ended, or does not hold yet: once for each, and once a day. One thread at a time.</summary>
internal sealed class CertificateEndWatch
{
    /// <summary>From here on it is said. Who renews by certbot has a new one a month before.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);

    /// <summary>Looks at the certificates that are shown now.</summary>
    /// <param name="ours">All of them.</param>
    /// <param name="now">The time.</param>
    /// <returns>What is to be said.</returns>
    public List<(string Subject, string Problem)> Look(IReadOnlyList<LoadedCertificate> ours, DateTimeOffset now)
    {
        List<(string, string)> problems = [];
        foreach (var key in _told.Keys.Where(key => ours.All(one => one.Certificate.Thumbprint != key)).ToList())
            _told.Remove(key);
        foreach (var one in ours)
        {
            var certificate = one.Certificate;
            if (ProblemOf(certificate, now) is not { } problem
                || (_told.TryGetValue(certificate.Thumbprint, out var told) && now - told < Again))
                continue;
            _told[certificate.Thumbprint] = now;
            problems.Add((certificate.Subject, problem));
        }

        return problems;
    }

    private static string? ProblemOf(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (begin, end) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return begin > now ? $"does not hold before {Written(begin)}"
            : end <= now ? $"has ended at {Written(end)}"
            : end - now < Soon ? $"ends at {Written(end)}"
            : null;
    }

    private static string Written(DateTime time) => time.ToString("u", CultureInfo.InvariantCulture);
}
