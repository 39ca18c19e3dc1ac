using System.Text;

namespace Atm0s.Sip.Core.Messages;

/// <summary>Names of header fields, and the way from a received name to its id.</summary>
public static class SipHeaderNames
{
    private static readonly byte[][] Names =
    [
        [],
        "Via"u8.ToArray(),
        "From"u8.ToArray(),
        "To"u8.ToArray(),
        "Call-ID"u8.ToArray(),
        "CSeq"u8.ToArray(),
        "Contact"u8.ToArray(),
        "Max-Forwards"u8.ToArray(),
        "Record-Route"u8.ToArray(),
        "Route"u8.ToArray(),
        "Content-Type"u8.ToArray(),
        "Content-Length"u8.ToArray(),
        "Content-Encoding"u8.ToArray(),
        "Content-Disposition"u8.ToArray(),
        "Content-Language"u8.ToArray(),
        "Expires"u8.ToArray(),
        "Min-Expires"u8.ToArray(),
        "Authorization"u8.ToArray(),
        "Proxy-Authorization"u8.ToArray(),
        "WWW-Authenticate"u8.ToArray(),
        "Proxy-Authenticate"u8.ToArray(),
        "Authentication-Info"u8.ToArray(),
        "Require"u8.ToArray(),
        "Proxy-Require"u8.ToArray(),
        "Supported"u8.ToArray(),
        "Unsupported"u8.ToArray(),
        "Allow"u8.ToArray(),
        "Accept"u8.ToArray(),
        "Accept-Encoding"u8.ToArray(),
        "Accept-Language"u8.ToArray(),
        "User-Agent"u8.ToArray(),
        "Server"u8.ToArray(),
        "Subject"u8.ToArray(),
        "Date"u8.ToArray(),
        "Retry-After"u8.ToArray(),
        "Warning"u8.ToArray(),
        "Timestamp"u8.ToArray(),
        "Organization"u8.ToArray(),
        "MIME-Version"u8.ToArray(),
        "Alert-Info"u8.ToArray(),
        "Call-Info"u8.ToArray(),
        "Error-Info"u8.ToArray(),
        "In-Reply-To"u8.ToArray(),
        "Priority"u8.ToArray(),
        "Reply-To"u8.ToArray(),
        "Reason"u8.ToArray(),
        "Session-Expires"u8.ToArray(),
        "Min-SE"u8.ToArray(),
        "RSeq"u8.ToArray(),
        "RAck"u8.ToArray(),
        "Refer-To"u8.ToArray(),
        "Referred-By"u8.ToArray(),
        "Replaces"u8.ToArray(),
        "Event"u8.ToArray(),
        "Allow-Events"u8.ToArray(),
        "Subscription-State"u8.ToArray(),
        "P-Asserted-Identity"u8.ToArray(),
        "P-Preferred-Identity"u8.ToArray(),
        "Privacy"u8.ToArray(),
        "Remote-Party-ID"u8.ToArray(),
        "Diversion"u8.ToArray(),
        "History-Info"u8.ToArray(),
        "Path"u8.ToArray(),
        "Service-Route"u8.ToArray(),
        "Info-Package"u8.ToArray(),
        "Recv-Info"u8.ToArray(),
        "Identity"u8.ToArray(),
        "Target-Dialog"u8.ToArray(),
        "Refer-Sub"u8.ToArray(),
    ];

    private static readonly SipHeaderId[][] ByLength = GroupByLength();

    /// <summary>The full name of a header field.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SipHeaderId.Other"/> has no name.</exception>
    public static ReadOnlySpan<byte> GetName(SipHeaderId id)
    {
        if (id == SipHeaderId.Other || (int)id >= Names.Length)
            throw new ArgumentOutOfRangeException(nameof(id), id, "Only a known header field has a name.");
        return Names[(int)id];
    }

    /// <summary>The id of a name or compact form, without regard to case (RFC 3261 §7.3.1), or <see cref="SipHeaderId.Other"/>.</summary>
    public static SipHeaderId Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1)
            return FindCompact(name[0]);
        if (name.Length >= ByLength.Length)
            return SipHeaderId.Other;
        foreach (var id in ByLength[name.Length])
        {
            var candidate = Names[(int)id];
            if ((candidate[0] | 0x20) == (name[0] | 0x20) && Ascii.EqualsIgnoreCase(candidate, name))
                return id;
        }

        return SipHeaderId.Other;
    }

    private static SipHeaderId FindCompact(byte letter) => (letter | 0x20) switch
    {
        'v' => SipHeaderId.Via,
        'f' => SipHeaderId.From,
        't' => SipHeaderId.To,
        'i' => SipHeaderId.CallId,
        'm' => SipHeaderId.Contact,
        'c' => SipHeaderId.ContentType,
        'l' => SipHeaderId.ContentLength,
        'e' => SipHeaderId.ContentEncoding,
        'k' => SipHeaderId.Supported,
        's' => SipHeaderId.Subject,
        'x' => SipHeaderId.SessionExpires,
        'r' => SipHeaderId.ReferTo,
        'b' => SipHeaderId.ReferredBy,
        'o' => SipHeaderId.Event,
        'u' => SipHeaderId.AllowEvents,
        'y' => SipHeaderId.Identity,
        _ => SipHeaderId.Other,
    };

    private static SipHeaderId[][] GroupByLength()
    {
        var groups = new SipHeaderId[Names.Max(n => n.Length) + 1][];
        for (var length = 0; length < groups.Length; length++)
            groups[length] = [.. Enumerable.Range(1, Names.Length - 1).Where(i => Names[i].Length == length).Select(i => (SipHeaderId)i)];
        return groups;
    }
}
