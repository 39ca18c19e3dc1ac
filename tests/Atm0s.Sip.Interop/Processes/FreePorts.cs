using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>Ports of 127.0.0.1 that nobody has, below those the system gives away by itself.</summary>
internal static class FreePorts
{
    private const int First = 12000;
    private const int Last = 31000;
    private static readonly Lock Gate = new();
    private static int _next = First + (Environment.ProcessId % 90 * 200);

    /// <summary>The first of <paramref name="count"/> ports in a row, even, free for UDP and TCP.</summary>
    public static int Take(int count = 1)
    {
        count += count & 1;
        lock (Gate)
            return Next(count);
    }

    /// <summary>A range of so many ports, which is nobody else's until it is given back.</summary>
    public static PortRange Range(int count)
    {
        lock (Gate)
        {
            while (true)
            {
                var first = Next(count);
                if (PortRange.TryHold(first) is { } guard)
                    return new PortRange(first, count, guard);
            }
        }
    }

    private static int Next(int count)
    {
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            if (_next + count > Last)
                _next = First;
            var first = _next;
            _next += count;
            if (Enumerable.Range(first, count).All(IsFree))
                return first;
        }

        throw new AssertionException("no free ports");
    }

    private static bool IsFree(int port) =>
        CanBind(port, SocketType.Dgram, ProtocolType.Udp) && CanBind(port, SocketType.Stream, ProtocolType.Tcp);

    private static bool CanBind(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
