using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="TrunkOptions"/>.</summary>
internal static class TrunkSettings
{
    private static readonly SettingTable<CredentialDraft> Credentials = new SettingTable<CredentialDraft>()
        .Value(nameof(SipCredentials.Username), Values.Text(), o => o.Username, (o, v) => o.Username = v)
        .Note("User name.")
        .Value(nameof(SipCredentials.Password), Values.Text(), o => o.Password, (o, v) => o.Password = v)
        .Secret()
        .Note("Password. Better in the environment (Sip__Trunks__carrier__Credentials__Password) or a store of secrets than in a file.")
        .Value(nameof(SipCredentials.Realm), Values.OptionalText, o => o.Realm, (o, v) => o.Realm = v)
        .Note("Only challenges of this realm are answered; none means any.");

    public static SettingTable<TrunkOptions> Table { get; } = new SettingTable<TrunkOptions>()
        .Value(nameof(TrunkOptions.Name), Values.Text("a name, for example carrier"), o => o.Name, (o, v) => o with { Name = v })
        .Value(
            nameof(TrunkOptions.Server),
            Values.Text("an address, for example sip:pbx.example.com:5060;transport=tcp"),
            o => o.Server,
            (o, v) => o with { Server = v })
        .Add(new GroupSetting<TrunkOptions, CredentialDraft>(
            nameof(TrunkOptions.Credentials),
            Credentials,
            static o => CredentialDraft.Of(o.Credentials),
            static (o, draft) => o with { Credentials = draft.Make() }))
        .Add(new GroupSetting<TrunkOptions, TlsClientOptions>(
            nameof(TrunkOptions.Tls),
            TlsSettings.Client,
            static o => o.Tls ?? new TlsClientOptions(),
            static (o, tls) => o with { Tls = tls == new TlsClientOptions() ? null : tls }))
        .Value(nameof(TrunkOptions.Register), Values.Switch, o => o.Register, (o, v) => o with { Register = v })
        .Value(nameof(TrunkOptions.User), Values.OptionalText, o => o.User, (o, v) => o with { User = v })
        .Value(nameof(TrunkOptions.Domain), Values.OptionalText, o => o.Domain, (o, v) => o with { Domain = v })
        .Value(nameof(TrunkOptions.Expires), Values.Seconds(30, 86_400), o => o.Expires, (o, v) => o with { Expires = v })
        .Add(new ListSetting<TrunkOptions, string>(
            nameof(TrunkOptions.Networks),
            Values.Network,
            static o => o.Networks ?? [],
            static (o, networks) => o with { Networks = networks.Count == 0 ? null : networks }))
        .Value(nameof(TrunkOptions.MaxCalls), Values.OptionalNumber(1, int.MaxValue), o => o.MaxCalls, (o, v) => o with { MaxCalls = v })
        .Value(
            nameof(TrunkOptions.Encryption),
            Values.OptionalChoice<MediaEncryption>(),
            o => o.Encryption,
            (o, v) => o with { Encryption = v })
        .Value(
            nameof(TrunkOptions.KeyExchange),
            Values.OptionalChoice<MediaKeyExchange>(),
            o => o.KeyExchange,
            (o, v) => o with { KeyExchange = v })
        .Value(nameof(TrunkOptions.TrustNetworks), Values.Switch, o => o.TrustNetworks, (o, v) => o with { TrustNetworks = v })
        .Value(
            nameof(TrunkOptions.RequireCertificate), Values.Switch, o => o.RequireCertificate, (o, v) => o with { RequireCertificate = v })
        .Value(
            nameof(TrunkOptions.UdpKeepAlive), Values.Choice<UdpKeepAlive>(), o => o.UdpKeepAlive, (o, v) => o with { UdpKeepAlive = v })
        .Value(
            nameof(TrunkOptions.AcceptTraceParent), Values.Switch, o => o.AcceptTraceParent, (o, v) => o with { AcceptTraceParent = v });
}
