using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// A bound UDP socket, with datagrams in batches. Errors are values: numbers of the system, 0 for none. Receiving, batches and disposal are
/// the receiving thread's; single messages are sent from any thread.
/// </summary>
internal abstract class UdpSocket(Socket socket) : IDisposable
{
    /// <summary>Longest that <see cref="Receive"/> waits, so that a stop and a look at the counters come in time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>The socket.</summary>
    public Socket Socket => socket;

    /// <summary>Datagrams that one <see cref="Receive"/> takes in at most.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Waits until something comes, and takes in what is there.</summary>
    /// <param name="error">Why nothing came; 0 also when the wait was long enough, or was ended by <see cref="Wake"/>.</param>
    /// <returns>Number of datagrams.</returns>
    public abstract int Receive(out int error);

    /// <summary>One of the datagrams that came last.</summary>
    public abstract UdpDatagram Datagram(int index);

    /// <summary>Sends one message. Any thread.</summary>
    /// <returns>The error.</returns>
    public abstract int Send(ReadOnlySpan<byte> message, SocketAddress to);

    /// <summary>Sends messages of a batch, in their order, until one fails.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The first to send.</param>
    /// <param name="error">Why the one behind the last that was sent failed.</param>
    /// <returns>How many went.</returns>
    public abstract int Send(UdpSendBatch batch, int from, out int error);

    /// <summary>Ends a <see cref="Receive"/> that waits. Any thread; the receiving thread must not have ended.</summary>
    public abstract void Wake();

    /// <inheritdoc/>
    public virtual void Dispose() => socket.Dispose();
}
