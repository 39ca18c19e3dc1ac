using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>The two queues of an association as the library wants them: a transport of datagrams.</summary>
/// <param name="inbound">What the peer sends.</param>
/// <param name="outbound">What it is sent.</param>
/// <param name="role">Ours.</param>
internal sealed class QueueTransport(DatagramQueue inbound, DatagramQueue outbound, DtlsRole role) : DatagramTransport
{
    // Handshakes go over paths with tunnels: below 1280 bytes of IPv6 with its header (RFC 8200 §5).
    private const int SendLimit = 1200;

    private readonly FlightOrder? _order = role == DtlsRole.Server ? new FlightOrder() : null;

    public int GetReceiveLimit() => DatagramQueue.MaxLength;

    public int GetSendLimit() => SendLimit;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        var came = inbound.TryWait(Math.Max(1, waitMillis), out var datagram, out var isEnded);
        if (isEnded)
            throw new TlsFatalAlert(AlertDescription.user_canceled);
        if (!came || datagram.Length > buffer.Length)
            return -1;
        datagram.CopyTo(buffer);
        return _order?.Filter(buffer[..datagram.Length]) ?? datagram.Length;
    }

    public void Send(byte[] buf, int off, int len) => outbound.TryAdd(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer) => outbound.TryAdd(buffer);

    public void Close()
    {
    }
}
