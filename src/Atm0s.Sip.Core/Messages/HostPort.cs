using System.Buffers;

namespace Atm0s.Sip.Core.Messages;

/// <summary><c>host [":" port]</c> (RFC 3261 §25.1).</summary>
internal static class HostPort
{
    private static readonly SearchValues<byte> HostName = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);
    private static readonly SearchValues<byte> Ipv6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Splits a host and port; the host of an IPv6 reference comes without brackets, the port is 0 when there is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, bool allowWhite, out ReadOnlySpan<byte> host, out int port)
    {
        port = 0;
        ReadOnlySpan<byte> rest;
        if (!value.IsEmpty && value[0] == '[')
        {
            var close = value.IndexOf((byte)']');
            if (close < 0)
            {
                host = default;
                return false;
            }

            host = value[1..close];
            rest = value[(close + 1)..];
            if (host.IsEmpty || host.ContainsAnyExcept(Ipv6))
                return false;
        }
        else
        {
            var end = value.IndexOfAnyExcept(HostName);
            host = end < 0 ? value : value[..end];
            rest = value[host.Length..];
            if (host.IsEmpty)
                return false;
        }

        if (allowWhite)
            rest = SipChars.Trim(rest);
        if (rest.IsEmpty)
            return true;
        if (rest[0] != ':')
            return false;
        rest = allowWhite ? SipChars.Trim(rest[1..]) : rest[1..];
        if (!SipChars.TryReadNumber(rest, 65535, out var number))
            return false;
        port = (int)number;
        return true;
    }
}
