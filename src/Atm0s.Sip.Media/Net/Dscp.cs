using System.Net.Sockets;

namespace Atm0s.Sip.Media.Net;

/// <summary>Sets the differentiated services code point of a socket (RFC 2474 §3).</summary>
internal static class Dscp
{
    private const int LevelIPv6 = 41;

    private static readonly int TrafficClass = OperatingSystem.IsLinux() ? 67 : 36; // IPV6_TCLASS of Linux and of macOS

    public static bool TrySet(Socket socket, int dscp)
    {
        var octet = dscp << 2; // the lower two bits are ECN (RFC 3168)
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
