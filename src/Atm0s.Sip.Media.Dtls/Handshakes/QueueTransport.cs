using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>The two queues of an association as the library wants them: a transport of datagrams.</summary>
/// <param name="inbound">What the peer sends.</param>
/// <param name="outbound">What it is sent.</param>
/// <param name="role">Ours.</param>
internal sealed class QueueTransport(DatagramQueue inbound, DatagramQueue outbound, DtlsRole role) : DatagramTransport
{
    // Handshakes go over paths with tunnels: below 1280 bytes of IPv6 with its header (RFC 8200 §5).
    internal const int SendLimit = 1200;

    private const int MaxOfOne = 16; // datagrams that wait for one peer: three flights

    private readonly FlightOrder? _order = role == DtlsRole.Server ? new FlightOrder() : null;
    private byte[] _partner = [];

    /// <summary>The ClientHello that has gone out already: the library makes it once more, and it is not sent again.</summary>
    public ClientGreeting? Greeting { get; set; }

    /// <summary>Our side of the handshake; null before it begins. For who calls the library.</summary>
    public IHandshakePeer? Peer { get; set; }

    /// <summary>Who takes part, and is sent what goes out; empty while that is not known. Any thread.</summary>
    public byte[] Partner
    {
        get => Volatile.Read(ref _partner);
        set => Volatile.Write(ref _partner, value);
    }

    public int GetReceiveLimit() => DatagramQueue.MaxLength;

    public int GetSendLimit() => SendLimit;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        // The library waits by the system's clock, and so does a monitor.
        for (var start = TimeProvider.System.GetTimestamp();;)
        {
            var waited = (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            var wait = (int)Math.Max(1, waitMillis - waited);
            var came = inbound.TryWait(wait, out var datagram, out var isEnded);
            if (isEnded)
                throw new TlsFatalAlert(AlertDescription.user_canceled);
            if (!came)
                return -1;
            // ClientHellos of others waited too when this one's cookie came back.
            if (datagram.Bytes.Length > buffer.Length || !datagram.Peer.AsSpan().SequenceEqual(Partner))
                continue;
            datagram.Bytes.CopyTo(buffer);
            var length = Peer is { } peer ? RecordRules.Keep(buffer[..datagram.Bytes.Length], peer.MinProtected) : datagram.Bytes.Length;
            return _order?.Filter(buffer[..length]) ?? length;
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer)
    {
        if (Greeting is not { } greeting)
        {
            outbound.TryAdd(buffer, Partner, MaxOfOne);
            return;
        }

        if (greeting.IsSent(buffer))
            return;
        Span<byte> renumbered = stackalloc byte[DatagramQueue.MaxLength];
        buffer.CopyTo(renumbered);
        greeting.Renumber(renumbered[..buffer.Length]);
        outbound.TryAdd(renumbered[..buffer.Length], Partner, MaxOfOne);
    }

    public void Close()
    {
    }
}
