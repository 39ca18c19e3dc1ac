using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// A TCP socket of ours to somebody who gets audio: what waits in it is bounded, so that who reads slowly does not hear what was said
/// minutes ago, and who is gone without a word (power, a NAT) is noticed, for there is always audio that the other machine has to confirm.
/// </summary>
internal static class BoundedSocket
{
    /// <summary>TCP_USER_TIMEOUT of Linux (RFC 5482): how long what was sent may stay unconfirmed, in milliseconds.</summary>
    public const int UserTimeout = 18;

    /// <summary>Bytes that wait: some seconds of audio.</summary>
    public const int SendBuffer = 64 * 1024;

    /// <summary>Bytes that wait to be read: what a program says far ahead waits with the program, not in the system's memory.</summary>
    public const int ReceiveBuffer = 256 * 1024;

    /// <summary>A socket that is not connected yet.</summary>
    /// <param name="silence">How long the other machine may confirm nothing; only Linux has that.</param>
    public static Socket New(TimeSpan silence)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true, SendBufferSize = SendBuffer, ReceiveBufferSize = ReceiveBuffer,
        };
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeout, BitConverter.GetBytes((int)silence.TotalMilliseconds));
        return socket;
    }
}
