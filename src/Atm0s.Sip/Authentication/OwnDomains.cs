using System.Net;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Which domains are ours (RFC 3261 §10.3 steps 1 and 5), and which one we write into From and To. All of ours are one: a user has the same
/// name in each. Any thread.
/// </summary>
internal sealed class OwnDomains
{
    private readonly SipServerOptions _options;
    private readonly LocalNetworks _machine;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _areToldApart;

    public OwnDomains(SipServerOptions options, TimeProvider time)
    {
        _options = options;
        _machine = new LocalNetworks(time);
        foreach (var name in options.Domains.Prepend(options.Domain ?? RealmAsDomain(options.Realm)).OfType<string>())
            _names.Add(Plain(name));
        // Who has named no domain has one server for whatever name leads to it.
        _areToldApart = _names.Count > 0;
        foreach (var listener in options.Listeners)
        {
            if (listener.AdvertisedHost is { } advertised)
                _names.Add(Plain(advertised));
        }
    }

    /// <summary>Whether some domains are not ours: else every name leads here.</summary>
    public bool AreToldApart => _areToldApart;

    /// <summary>Whether the host of a URI means this server.</summary>
    /// <param name="host">Name or address; an IPv6 address without brackets.</param>
    /// <param name="flow">The way the request came.</param>
    public bool IsOurs(ReadOnlySpan<byte> host, SipFlow flow) => !_areToldApart || IsNamed(host, flow);

    /// <summary>Whether a host is one of our names or addresses, also where every name leads here.</summary>
    /// <param name="host">Name or address; an IPv6 address without brackets.</param>
    /// <param name="flow">The way the request came.</param>
    public bool IsNamed(ReadOnlySpan<byte> host, SipFlow flow)
    {
        var name = Plain(Encoding.UTF8.GetString(host));
        if (_names.Contains(name))
            return true;
        if (!IPAddress.TryParse(name, out var address))
            return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) && IPAddress.IsLoopback(flow.LocalEndPoint.Address);
        return address.Equals(flow.LocalEndPoint.Address)
            || _machine.IsOwn(address)
            || _options.Listeners.Any(l => l.EndPoint.Address.Equals(address));
    }

    /// <summary>The host that stands in From and To of our requests, as it is written in a URI.</summary>
    /// <param name="flow">The way they take.</param>
    /// <param name="addressOfRecord">For a phone that has registered, what it is registered as: it knows us by that host.</param>
    public string HostTowards(SipFlow flow, string? addressOfRecord = null)
    {
        if (_options.Domain is { } domain)
            return InUri(domain);
        return addressOfRecord is not null && SipUri.TryParse(addressOfRecord, out var known) ? InUri(known.Host) : HostOf(flow.SentBy);
    }

    private static string InUri(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;

    private static string HostOf(string sentBy) =>
        sentBy.LastIndexOf(':') is var colon and > 0 && colon > sentBy.LastIndexOf(']') ? sentBy[..colon] : sentBy;

    private static string Plain(string host) => host.Trim('[', ']').TrimEnd('.');

    // A realm may be any text. One that somebody chose and that reads like a domain is the one his phones are configured with.
    private static string? RealmAsDomain(string realm) =>
        realm != SipServerOptions.DefaultRealm
        && realm.Contains('.', StringComparison.Ordinal)
        && HostText.IsHost(realm)
        && Uri.CheckHostName(realm) == UriHostNameType.Dns
            ? realm
            : null;
}
