using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Tests.Configuration;

/// <summary>
/// Every option there is, found by reflection: nobody has to remember the tests when an option is added. Each has a value that is not its
/// default, as text for a configuration.
/// </summary>
internal static class OptionWalk
{
    // What no text can be.
    private static readonly string[] Objects = ["Media:OpusProviders", "Tls:CertificateSelector", "Tls:PeerValidation", "Listeners:0:Tls"];

    // Where the next number, or any text, would not work.
    private static readonly Dictionary<string, string[]> Special = new(StringComparer.Ordinal)
    {
        ["Realm"] = ["walk.example.com"],
        ["Domain"] = ["sip.example.com"],
        ["Domains"] = ["a.example.com", "b.example.com"],
        ["LocalNetworks"] = ["10.0.0.0/8", "192.168.1.7"],
        ["Listeners:0:Protocol"] = ["Tcp"],
        ["Listeners:0:EndPoint"] = ["127.0.0.1:0"],
        ["Listeners:0:AdvertisedHost"] = ["phone.example.com"],
        ["Listeners:0:AdvertisedPort"] = ["5070"],
        ["Listeners:0:LocalNetworks"] = ["172.16.0.0/12"],
        ["Listeners:0:ReceiveBufferSize"] = ["65536"],
        ["Listeners:0:MaxSendBytes"] = ["131072"],
        ["Listeners:0:MaxBufferedBytes"] = ["8589934592"],
        ["Tls:Certificates:0:Certificate"] = ["/etc/sip/fullchain.pem"],
        ["Tls:Certificates:0:Key"] = ["/etc/sip/privkey.pem"],
        ["Tls:Certificates:0:Password"] = ["secret"],
        ["Tls:ClientCertificates"] = ["Wanted"],
        ["Tls:TrustedRoots"] = ["/etc/sip/roots.pem"],
        ["Tls:MaxHandshakeBytes"] = ["32768"],
        ["Authentication:Algorithms"] = ["SHA-256"],
        ["Authentication:OpenNumberPrefixes"] = ["800", "801"],
        ["Access:Rules"] = ["Refuse 203.0.113.0/24", "Trust 10.1.0.0/16"],
        ["Defence:DroppedUserAgents"] = ["bad-agent"],
        ["Trunks:0:Name"] = ["carrier"],
        ["Trunks:0:Server"] = ["sip:127.0.0.1:9"],
        ["Trunks:0:Tls:ServerName"] = ["sip.carrier.example"],
        ["Trunks:0:Tls:Certificate:Certificate"] = ["/etc/sip/carrier.pem"],
        ["Trunks:0:Tls:Certificate:Key"] = ["/etc/sip/carrier.key"],
        ["Trunks:0:Tls:Certificate:Password"] = ["secret"],
        ["Trunks:0:Tls:TrustedRoots"] = ["/etc/sip/carrier-roots.pem"],
        ["Trunks:0:Credentials:Username"] = ["them"],
        ["Trunks:0:Credentials:Password"] = ["secret"],
        ["Trunks:0:Credentials:Realm"] = ["theirs"],
        ["Trunks:0:User"] = ["4711"],
        ["Trunks:0:Domain"] = ["pbx.example.com"],
        ["Trunks:0:Networks"] = ["198.51.100.0/24"],
        ["Trunks:0:MaxCalls"] = ["12"],
        ["Calls:MaxCallsPerTrustedSource"] = ["77"],
        ["Calls:MaxUnverifiedPerSource"] = ["78"],
        ["Calls:RelayDigits"] = ["Never"],
        ["Media:AdvertisedAddress"] = ["203.0.113.7"],
        ["Media:Encryption"] = ["Require"],
        ["Media:KeyExchange"] = ["Dtls"],
        ["Media:SrtpSuites"] = ["AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"],
        ["Trunks:0:Encryption"] = ["Require"],
        ["Trunks:0:KeyExchange"] = ["Dtls"],
        ["Media:Codecs"] = ["PCMU", "PCMA"],
        ["Media:FirstPort"] = ["45000"],
        ["Media:LastPort"] = ["45999"],
        ["Media:JitterBufferMinimum"] = ["00:00:00.0200000"],
        ["Media:JitterBufferMaximum"] = ["00:00:00.3000000"],
        ["MaxQueueTime"] = ["00:00:01"],
        ["NonBlockingHandlerLimit"] = ["00:00:00.0600000"],
        ["StopTimeout"] = ["00:00:00.1000000"],
        ["ShardCount"] = ["3"],
        ["Product"] = ["Walker"],
        ["Limits:MaxMessageSize"] = ["65534"],
        ["Timers:T1"] = ["00:00:00.4000000"],
        ["Timers:InviteTrying"] = ["00:00:00.1500000"],
        ["Trunks:0:UdpKeepAlive"] = ["BlankLine"],
    };

    /// <summary>The options that a server starts from, as they are when nothing is set.</summary>
    public static SipServerOptions Defaults()
    {
        var options = new SipServerOptions();
        options.Listeners.Add(new SipListenerOptions());
        options.Tls.Certificates.Add(new TlsCertificateFile());
        options.Trunks.Add(new TrunkOptions
        {
            Name = "",
            Server = "",
            Credentials = new SipCredentials("", ""),
            Tls = new TlsClientOptions { Certificate = new TlsCertificateFile() },
        });
        return options;
    }

    /// <summary>Path of each option, and its values: one, or those of its list.</summary>
    public static IReadOnlyList<(string Path, string[] Values)> All { get; } = [.. Walk(Defaults(), "")];

    /// <summary>Keys and values of a configuration that sets every option.</summary>
    public static IEnumerable<(string Key, string Value)> Keys()
    {
        foreach (var (path, values) in All)
        {
            if (!Reads(Defaults(), path).IsList)
                yield return (path, values[0]);
            for (var i = 0; i < values.Length && Reads(Defaults(), path).IsList; i++)
                yield return ($"{path}:{i}", values[i]);
        }
    }

    /// <summary>Reads an option back, as the texts that would set it.</summary>
    public static (string[] Values, bool IsList) Reads(object options, string path)
    {
        var at = (object?)options;
        foreach (var name in path.Split(':'))
        {
            at = name.All(char.IsAsciiDigit)
                ? ((IEnumerable)at!).Cast<object>().ElementAt(int.Parse(name, CultureInfo.InvariantCulture))
                : at!.GetType().GetProperty(name)!.GetValue(at);
        }

        return at is IEnumerable list and not string ? ([.. list.Cast<object>().Select(Text)], true) : ([Text(at)], false);
    }

    /// <summary>The property behind each option.</summary>
    public static IEnumerable<PropertyInfo> Properties()
    {
        foreach (var (path, _) in All)
        {
            var at = (object)Defaults();
            var parts = path.Split(':');
            foreach (var name in parts[..^1])
            {
                at = name.All(char.IsAsciiDigit)
                    ? ((IEnumerable)at).Cast<object>().ElementAt(int.Parse(name, CultureInfo.InvariantCulture))
                    : at.GetType().GetProperty(name)!.GetValue(at)!;
            }

            yield return at.GetType().GetProperty(parts[^1])!;
        }
    }

    private static IEnumerable<(string Path, string[] Values)> Walk(object options, string above)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = above + property.Name;
            var value = property.GetValue(options);
            if (Objects.Contains(path))
                continue;
            if (value is IEnumerable<SipListenerOptions> or IEnumerable<TrunkOptions> or IEnumerable<TlsCertificateFile>)
            {
                foreach (var inner in Walk(((IEnumerable)value).Cast<object>().Single(), $"{path}:0:"))
                    yield return inner;
            }
            else if (IsGroup(property.PropertyType))
            {
                foreach (var inner in Walk(value!, $"{path}:"))
                    yield return inner;
            }
            else if (property.SetMethod is { IsPublic: true } || value is IEnumerable and not string || options is SipCredentials)
            {
                yield return (path, Special.TryGetValue(path, out var special) ? special : [Other(value, path)]);
            }
        }
    }

    private static bool IsGroup(Type type) =>
        type.IsClass && type.Namespace!.StartsWith("Atm0s.", StringComparison.Ordinal);

    private static string Other(object? value, string path) => value switch
    {
        bool flag => flag ? "false" : "true",
        int number => (number + 1).ToString(CultureInfo.InvariantCulture),
        long number => (number + 1).ToString(CultureInfo.InvariantCulture),
        TimeSpan time => (time + TimeSpan.FromSeconds(1)).ToString("c"),
        _ => throw new InvalidOperationException($"{path} needs a value of its own in {nameof(OptionWalk)}.{nameof(Special)}."),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c"),
        AccessRule rule => $"{rule.Action} {rule.Network}",
        Core.Authentication.DigestAlgorithm algorithm => Core.Authentication.DigestAlgorithms.ToToken(algorithm),
        IPNetwork network => network.ToString(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
