using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>A candidate of ICE over UDP with an address that is one (RFC 8839 §5.1); names are not looked up.</summary>
/// <param name="Foundation">1 to 32 characters.</param>
/// <param name="Component">1 for RTP, 2 for RTCP.</param>
/// <param name="Priority">The greater, the better.</param>
/// <param name="EndPoint">Where.</param>
/// <param name="Type">host, srflx, prflx or relay.</param>
internal sealed record SdpCandidate(string Foundation, int Component, uint Priority, IPEndPoint EndPoint, string Type = "host")
{
    private const int MaxFoundation = 32;

    /// <summary>Reads the value of <c>a=candidate</c>. False when it is another transport, a name, or malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SdpCandidate? candidate)
    {
        candidate = null;
        // foundation component transport priority address port "typ" type ...; the rest is read by nobody here.
        Span<Range> parts = stackalloc Range[9];
        var count = text.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 8 || text[parts[0]].Length > MaxFoundation
            || !TryReadNumber(text[parts[1]], 256, out var component)
            || !text[parts[2]].Equals("udp", StringComparison.OrdinalIgnoreCase)
            || !TryReadNumber(text[parts[3]], int.MaxValue, out var priority)
            || !IPAddress.TryParse(text[parts[4]], out var address)
            || !TryReadNumber(text[parts[5]], IPEndPoint.MaxPort, out var port)
            || text[parts[6]] is not "typ")
            return false;
        var type = text[parts[7]] switch
        {
            "host" => "host",
            "srflx" => "srflx",
            "prflx" => "prflx",
            "relay" => "relay",
            _ => null,
        };
        if (type is null || port == 0 || component == 0)
            return false;
        candidate = new SdpCandidate(
            text[parts[0]].ToString(), component, (uint)priority, new IPEndPoint(MediaAddresses.Plain(address), port), type);
        return true;
    }

    /// <summary>The value to write.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Foundation} {Component} udp {Priority} {EndPoint.Address} {EndPoint.Port} typ {Type}");

    private static bool TryReadNumber(ReadOnlySpan<char> text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
