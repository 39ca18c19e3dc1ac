using System.Net.Sockets;

namespace Atm0s.Sip.Media.Net;

/// <summary>Sets the differentiated services code point of a socket (RFC 2474 §3).</summary>
internal static class Dscp
{
    /// <summary>IP_TOS of Linux.</summary>
    public const int TypeOfService = 1;

    private const int LevelIPv6 = 41;

    /// <summary>IPV6_TCLASS of Linux and of macOS.</summary>
    public static int TrafficClass { get; } = OperatingSystem.IsLinux() ? 67 : 36;

    /// <summary>The octet of a code point: the lower two bits are ECN (RFC 3168).</summary>
    public static int OctetOf(int dscp) => dscp << 2;

    public static bool TrySet(Socket socket, int dscp)
    {
        var octet = OctetOf(dscp);
        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetwork)
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, octet);
            else if (OperatingSystem.IsWindows())
                return false;
            else
                socket.SetRawSocketOption(LevelIPv6, TrafficClass, BitConverter.GetBytes(octet));
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
