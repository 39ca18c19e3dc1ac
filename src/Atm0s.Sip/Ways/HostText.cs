using System.Text;

namespace Atm0s.Sip.Ways;

/// <summary>The host part of a URI as somebody wrote it into the settings.</summary>
internal static class HostText
{
    // RFC 1035 §2.3.4.
    private const int MaxLength = 255;

    /// <summary>
    /// Whether a text is a host name or an IP address, without a port. A name in other letters than ASCII has to stand there as it stands in
    /// the DNS, <c>xn--</c> and so on (RFC 3261 §25.1 has no other letters; RFC 5890 §2.3.2.1).
    /// </summary>
    public static bool IsHost(string text) =>
        text.Length <= MaxLength && Ascii.IsValid(text) && Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
