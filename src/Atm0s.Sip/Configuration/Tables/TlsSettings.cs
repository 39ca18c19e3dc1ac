using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SipTlsOptions"/>, and of what is special with one peer.</summary>
internal static class TlsSettings
{
    private static readonly ValueFormat<string> FileName = Values.Text("the path of a file, for example /etc/sip/fullchain.pem");

    private static readonly SettingTable<TlsCertificateFile> Files = new SettingTable<TlsCertificateFile>()
        .Value(nameof(TlsCertificateFile.Certificate), FileName, o => o.Certificate, (o, v) => o with { Certificate = v })
        .Value(nameof(TlsCertificateFile.Key), Values.OptionalText, o => o.Key, (o, v) => o with { Key = v })
        .Value(nameof(TlsCertificateFile.Password), Values.OptionalText, o => o.Password, (o, v) => o with { Password = v })
        .Secret();

    public static SettingTable<SipTlsOptions> Table { get; } = new SettingTable<SipTlsOptions>()
        .Add(new ItemsSetting<SipTlsOptions, TlsCertificateFile>(nameof(SipTlsOptions.Certificates), Files, o => o.Certificates)
        {
            New = static _ => new TlsCertificateFile(),
            Read = static (file, text) => file with { Certificate = text.Trim() },
            Text = FileName,
            ProblemOf = ProblemOf,
        })
        .Value(nameof(SipTlsOptions.SelfSigned), Values.Switch, o => o.SelfSigned, (o, v) => o.SelfSigned = v)
        .Value(
            nameof(SipTlsOptions.ClientCertificates),
            Values.Choice<TlsClientCertificates>(),
            o => o.ClientCertificates,
            (o, v) => o.ClientCertificates = v)
        .Value(nameof(SipTlsOptions.TrustedRoots), Values.OptionalText, o => o.TrustedRoots, (o, v) => o.TrustedRoots = v)
        .Value(nameof(SipTlsOptions.CheckRevocation), Values.Switch, o => o.CheckRevocation, (o, v) => o.CheckRevocation = v)
        .Value(nameof(SipTlsOptions.AllowWildcardNames), Values.Switch, o => o.AllowWildcardNames, (o, v) => o.AllowWildcardNames = v)
        .Value(
            nameof(SipTlsOptions.HandshakeTimeout), Values.Seconds(1, 60), o => o.HandshakeTimeout, (o, v) => o.HandshakeTimeout = v)
        .Value(
            nameof(SipTlsOptions.MaxHandshakeBytes),
            Values.Size(8 * 1024, 1024 * 1024),
            o => o.MaxHandshakeBytes,
            (o, v) => o.MaxHandshakeBytes = v)
        .Value(nameof(SipTlsOptions.IdleTimeout), Values.Seconds(5, 86_400), o => o.IdleTimeout, (o, v) => o.IdleTimeout = v)
        .Value(
            nameof(SipTlsOptions.CertificateCheckInterval),
            Values.Seconds(1, 86_400),
            o => o.CertificateCheckInterval,
            (o, v) => o.CertificateCheckInterval = v);

    /// <summary>Settings of one peer.</summary>
    public static SettingTable<TlsClientOptions> Client { get; } = new SettingTable<TlsClientOptions>()
        .Value(nameof(TlsClientOptions.ServerName), Values.OptionalText, o => o.ServerName, (o, v) => o with { ServerName = v })
        .Add(new GroupSetting<TlsClientOptions, TlsCertificateFile>(
            nameof(TlsClientOptions.Certificate),
            Files,
            static o => o.Certificate ?? new TlsCertificateFile(),
            static (o, file) => o with { Certificate = file == new TlsCertificateFile() ? null : file }))
        .Value(nameof(TlsClientOptions.TrustedRoots), Values.OptionalText, o => o.TrustedRoots, (o, v) => o with { TrustedRoots = v });

    private static string? ProblemOf(TlsCertificateFile file) =>
        file.Certificate.Length == 0 ? "it names no file: set Certificate to the path of a PEM or PFX file." : null;
}
