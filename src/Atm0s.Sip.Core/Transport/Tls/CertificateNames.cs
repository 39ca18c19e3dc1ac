using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>The SIP domains of a certificate, and its addresses (RFC 5922 §7.1).</summary>
internal sealed class CertificateNames
{
    private const string SubjectAltName = "2.5.29.17";
    private const int MaxNames = 256;

    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    private readonly List<IPAddress> _addresses;
    private readonly IReadOnlyList<string> _hosts;

    private CertificateNames(IReadOnlyList<string> domains, IReadOnlyList<string> hosts, List<IPAddress> addresses)
    {
        Domains = domains;
        _hosts = hosts;
        _addresses = addresses;
    }

    /// <summary>Its SIP domains.</summary>
    public IReadOnlyList<string> Domains { get; }

    /// <summary>Reads those of a certificate; of one that can't be read there are none.</summary>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == SubjectAltName)
                return Read(extension.RawData);
        }

        // RFC 5922 §7.1 step 2: the CN counts only where there is no subjectAltName at all.
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        string[] names = IsDomain(name) ? [name] : [];
        return new CertificateNames(names, names, []);
    }

    /// <summary>Whether it is that of a host (RFC 5922 §7.2).</summary>
    /// <param name="host">A name, or an address with or without brackets.</param>
    /// <param name="allowWildcards">Whether <c>*.example.com</c> stands for one more label, as RFC 6125 §6.4.3 has it.</param>
    public bool Covers(string host, bool allowWildcards)
    {
        var plain = host.Trim('[', ']');
        if (IPAddress.TryParse(plain, out var address))
            return _addresses.Contains(address);
        return Covers(Domains, plain, allowWildcards);
    }

    /// <summary>
    /// Whether it is one to show to who asks for a host (RFC 6066 §3): that is a name of DNS, also where the certificate names a SIP domain
    /// as well, and then the domain.
    /// </summary>
    /// <param name="host">A name.</param>
    public bool CoversHost(string host) => Covers(_hosts, host, allowWildcards: true) || Covers(host, allowWildcards: true);

    private static bool Covers(IReadOnlyList<string> domains, string host, bool allowWildcards)
    {
        var plain = host.TrimEnd('.');
        foreach (var domain in domains)
        {
            var known = domain.TrimEnd('.');
            if (known.Equals(plain, StringComparison.OrdinalIgnoreCase))
                return true;
            if (allowWildcards
                && known.StartsWith("*.", StringComparison.Ordinal)
                && plain.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
                && plain.AsSpan(dot).Equals(known.AsSpan(1), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static CertificateNames Read(byte[] extension)
    {
        var (uris, hosts, addresses) = (new List<string>(), new List<string>(), new List<IPAddress>());
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            for (var i = 0; i < MaxNames && names.HasData; i++)
            {
                var tag = names.PeekTag();
                if (tag.HasSameClassAndValue(Dns))
                    hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
                else if (tag.HasSameClassAndValue(Uri))
                    AddUri(uris, names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                else if (tag.HasSameClassAndValue(Address))
                    AddAddress(addresses, names.ReadOctetString(Address));
                else
                    names.ReadEncodedValue();
            }
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return new CertificateNames([], [], []);
        }

        // RFC 5922 §7.1 step 1: a DNS name counts only where no sip URI is found.
        return new CertificateNames(uris.Count > 0 ? uris : hosts, hosts, addresses);
    }

    // A sip URI with a user names a person, and no other scheme names a SIP domain.
    private static void AddUri(List<string> domains, string text)
    {
        if (!text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase)
            || text.Contains('@', StringComparison.Ordinal)
            || !Messages.SipUriView.TryParse(Encoding.UTF8.GetBytes(text), out var uri))
            return;
        domains.Add(Encoding.UTF8.GetString(uri.Host));
    }

    private static void AddAddress(List<IPAddress> addresses, byte[] bytes)
    {
        if (bytes.Length is 4 or 16)
            addresses.Add(new IPAddress(bytes));
    }

    private static bool IsDomain(string? name) =>
        !string.IsNullOrEmpty(name) && System.Uri.CheckHostName(name) == UriHostNameType.Dns;
}
