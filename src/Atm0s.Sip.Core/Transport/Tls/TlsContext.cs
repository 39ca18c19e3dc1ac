using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>What the handshakes of one listener have in common: our certificates, and how those of peers are judged.</summary>
internal sealed class TlsContext
{
    // RFC 8996: nothing older.
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private const int MaxTold = 4;
    private const int MaxNameTold = 64;

    public TlsContext(SipTlsOptions options, SipListenerOptions listener, TimeProvider time, ILogger logger)
    {
        Options = options;
        Certificates = new CertificateStore(options, listener, time, logger);
    }

    public SipTlsOptions Options { get; }

    public CertificateStore Certificates { get; }

    /// <summary>The settings of a handshake that a peer has begun.</summary>
    /// <param name="serverName">Name that it asks for, or null.</param>
    /// <param name="onIdentity">Gets who it is, when it shows a certificate that is trusted.</param>
    public SslServerAuthenticationOptions ForServer(string? serverName, Action<TlsIdentity> onIdentity)
    {
        var ours = Certificates.Choose(serverName)
            ?? throw new AuthenticationException("There is no certificate to show.");
        var policy = Options.ClientCertificates;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = ours.Context,
            EnabledSslProtocols = Protocols,
            // CVE-2009-3555, and a peer that makes us calculate again and again.
            AllowRenegotiation = false,
            ClientCertificateRequired = policy != TlsClientCertificates.Ignored,
            CertificateChainPolicy = policy == TlsClientCertificates.Ignored ? null : PolicyOf(Certificates.Roots),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                if (policy == TlsClientCertificates.Ignored)
                    return true;
                // RFC 5922 §7.4: nobody says beforehand which name a client has.
                if (certificate is X509Certificate2 shown
                    && IsTrusted(shown, chain, errors & ~SslPolicyErrors.RemoteCertificateNameMismatch, null))
                {
                    onIdentity(IdentityOf(shown));
                    return true;
                }

                return policy == TlsClientCertificates.Wanted;
            },
        };
    }

    /// <summary>The settings of a handshake that we begin.</summary>
    /// <param name="peer">Whom we expect.</param>
    /// <param name="onIdentity">Gets who it is.</param>
    /// <param name="onRefused">Gets why its certificate is not taken.</param>
    /// <exception cref="TlsCertificateException">A file that belongs to it can't be read.</exception>
    public SslClientAuthenticationOptions ForClient(TlsPeer peer, Action<TlsIdentity> onIdentity, Action<string> onRefused)
    {
        var settings = Certificates.SettingsOf(peer.Options);
        var name = (peer.Options?.ServerName ?? Options.ExpectedName ?? peer.Name).Trim('[', ']');
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = Protocols,
            AllowRenegotiation = false,
            ClientCertificateContext = settings.Certificate?.Context,
            CertificateChainPolicy = PolicyOf(settings.Roots),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                if (certificate is not X509Certificate2 shown)
                    return false;
                // What the system takes for a right name is not what SIP does (RFC 5922 §7.2): it knows no sip URI.
                var found = errors & ~SslPolicyErrors.RemoteCertificateNameMismatch;
                if (!CertificateNames.Of(shown).Covers(name, Options.AllowWildcardNames))
                    found |= SslPolicyErrors.RemoteCertificateNameMismatch;
                if (!IsTrusted(shown, chain, found, name))
                {
                    onRefused(Explain(shown, chain, found));
                    return false;
                }

                onIdentity(IdentityOf(shown));
                return true;
            },
        };
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, string? name) =>
        Options.PeerValidation is { } judge
            ? judge(new TlsPeerCheck(certificate, chain, errors, name))
            : errors == SslPolicyErrors.None;

    private static string Explain(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors)
    {
        List<string> reasons = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            var names = CertificateNames.Of(shown).Domains.Take(MaxTold).Select(Plain).DefaultIfEmpty("no SIP domain");
            reasons.Add($"it is for {string.Join(", ", names)}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var problems = (chain?.ChainStatus ?? []).Select(status => status.StatusInformation.ReplaceLineEndings(" ").Trim());
            reasons.AddRange(problems.Distinct());
        }

        return reasons.Count > 0 ? string.Join("; ", reasons) : "Tls.PeerValidation refuses it";
    }

    // Of a stranger's names only what names are made of is told.
    private static string Plain(string name) =>
        string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*').Take(MaxNameTold));

    private static TlsIdentity IdentityOf(X509Certificate2 certificate) => new(
        CertificateNames.Of(certificate).Domains,
        certificate.Subject,
        certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant());

    private X509ChainPolicy PolicyOf(X509Certificate2Collection? roots)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = Options.CheckRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            // Nothing is fetched because a certificate says where it could be.
            DisableCertificateDownloads = true,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }
}
