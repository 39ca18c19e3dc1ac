using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>
/// A range of UDP ports for one process, until it is disposed of. Most of them are not in use at any moment, so a TCP socket on the first
/// one tells other tests, also those of other runs on this machine, that they are taken.
/// </summary>
internal sealed class PortRange : IAsyncDisposable
{
    private readonly Socket _guard;

    /// <summary>Takes the range.</summary>
    /// <param name="first">First port, even.</param>
    /// <param name="count">How many.</param>
    /// <param name="guard">Bound to the first one.</param>
    public PortRange(int first, int count, Socket guard) => (First, Last, _guard) = (first, first + count - 1, guard);

    /// <summary>First port, even.</summary>
    public int First { get; }

    /// <summary>Last port.</summary>
    public int Last { get; }

    /// <summary>As "first-last".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    /// <summary>A socket that holds a port; null when somebody has it.</summary>
    public static Socket? TryHold(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _guard.Dispose();
        return ValueTask.CompletedTask;
    }
}
