using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Atm0s.Sip.Core.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Doctor.Pings;

/// <summary>The handshake of a ping, by the rules by which the server itself makes those of its connections.</summary>
internal static class TlsPing
{
    /// <summary>Makes a connection secure.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="target">Who must be there, and who we are.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AuthenticationException">One of the two does not let the other in; the message says which and why.</exception>
    /// <exception cref="IOException">The other has closed, or a file can't be read.</exception>
    public static async Task<Stream> SecureAsync(
        Stream stream, PingTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var context = new TlsContext(target.Tls!, target.Listener!, time, NullLogger.Instance);
        context.Certificates.Read();
        var settings = context.ForClient(target.Peer!, static _ => { }, static _ => { });
        var judge = settings.RemoteCertificateValidationCallback!;
        string? problem = null;
        settings.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            if (judge(sender, certificate, chain, errors))
                return true;
            problem = ProblemOf(certificate as X509Certificate2, chain, settings.TargetHost!, target.Tls!.AllowWildcardNames);
            return false;
        };
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(settings, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception exception)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            if (exception is AuthenticationException && problem is not null)
                throw new AuthenticationException(problem, exception);
            throw;
        }
    }

    private static string ProblemOf(X509Certificate2? certificate, X509Chain? chain, string name, bool allowWildcards)
    {
        if (certificate is null)
            return "it shows no certificate";
        var names = CertificateNames.Of(certificate);
        if (!names.Covers(name, allowWildcards))
            return $"its certificate is for {string.Join(", ", names.Domains.DefaultIfEmpty(certificate.Subject).Take(4))}, not for {name}";
        var status = chain?.ChainStatus.FirstOrDefault(static one => one.Status != X509ChainStatusFlags.NoError).StatusInformation;
        return string.IsNullOrWhiteSpace(status) ? "its certificate is not trusted" : $"its certificate is not trusted: {status.Trim()}";
    }
}
