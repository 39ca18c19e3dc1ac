using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>Datagrams that the kernel dropped because a socket's receive buffer was full. Linux; elsewhere nobody says.</summary>
internal sealed class DropCount(Socket socket)
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int MemoryInfo = 55; // SO_MEMINFO
    private const int Drops = 8; // SK_MEMINFO_DROPS

    private bool _isUnknown = !OperatingSystem.IsLinux();
    private uint _last;

    /// <summary>How many more there are since the last call.</summary>
    public uint Take()
    {
        if (_isUnknown)
            return 0;
        Span<uint> info = stackalloc uint[Drops + 1];
        info.Clear();
        try
        {
            if (socket.GetRawSocketOption(SocketLevel, MemoryInfo, MemoryMarshal.AsBytes(info)) < info.Length * sizeof(uint))
                _isUnknown = true;
        }
        catch (SocketException)
        {
            _isUnknown = true;
        }

        // The kernel's counter has 32 bits and starts again.
        var more = unchecked(info[Drops] - _last);
        _last += _isUnknown ? 0 : more;
        return _isUnknown ? 0 : more;
    }
}
