using System.Security.Cryptography;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Our first flight, made before the handshake has a thread: the library makes it, and stops where it would wait for an answer. One thread
/// at a time.
/// </summary>
internal sealed class ClientGreeting
{
    private readonly byte[] _hello;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly long _begun;
    private TimeSpan _wait;
    private TimeSpan _next;
    private uint _repeated;
    private bool _isTaken;

    /// <summary>Makes it.</summary>
    /// <param name="factory">Bounds, and the clock.</param>
    /// <param name="identity">Our certificate.</param>
    /// <param name="parameters">What was agreed on.</param>
    /// <exception cref="TlsFatalAlert">The library can't.</exception>
    public ClientGreeting(HandshakeFactory factory, DtlsIdentity identity, DtlsParameters parameters)
    {
        var transport = new Transport();
        try
        {
            new DtlsClientProtocol().Connect(new ClientPeer(this, factory, identity, parameters), transport);
        }
        catch (Exception) when (transport.Hello is not null) // it waits for an answer
        {
        }

        _hello = transport.Hello ?? throw new TlsFatalAlert(AlertDescription.internal_error);
        (_time, _begun, _limit) = (factory.Time, factory.Time.GetTimestamp(), factory.Options.HandshakeTimeout);
        _wait = _next = factory.Options.RetransmissionTime;
    }

    /// <summary>What makes a ClientHello the same as this one (RFC 5246 §7.4.1.2).</summary>
    public byte[] Random { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The datagram.</summary>
    public ReadOnlySpan<byte> Hello => _hello;

    /// <summary>Whether nobody has answered for too long.</summary>
    public bool IsOver => _time.GetElapsedTime(_begun) >= _limit;

    /// <summary>Whether it is to be sent again (RFC 6347 §4.2.4.1), with a number of its own.</summary>
    public bool TryRepeat()
    {
        if (_time.GetElapsedTime(_begun) < _next)
            return false;
        _wait *= 2;
        _next += _wait;
        _repeated++;
        RecordRules.Renumber(_hello, 1);
        return true;
    }

    /// <summary>Whether this is the flight that has gone out already; only the first one is.</summary>
    /// <exception cref="TlsFatalAlert">It is the first one, and another.</exception>
    public bool IsSent(ReadOnlySpan<byte> datagram)
    {
        if (_isTaken)
            return false;
        _isTaken = true;
        if (!datagram[RecordRules.HeaderLength..].SequenceEqual(_hello.AsSpan(RecordRules.HeaderLength)))
            throw new TlsFatalAlert(AlertDescription.internal_error);
        return true;
    }

    /// <summary>Numbers what follows.</summary>
    public void Renumber(Span<byte> datagram) => RecordRules.Renumber(datagram, _repeated);

    private sealed class Transport : DatagramTransport
    {
        public byte[]? Hello { get; private set; }

        public int GetReceiveLimit() => DatagramQueue.MaxLength;

        public int GetSendLimit() => QueueTransport.SendLimit;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => throw new TlsFatalAlert(AlertDescription.user_canceled);

        public int Receive(Span<byte> buffer, int waitMillis) => throw new TlsFatalAlert(AlertDescription.user_canceled);

        public void Send(byte[] buf, int off, int len) => Hello ??= buf.AsSpan(off, len).ToArray();

        public void Send(ReadOnlySpan<byte> buffer) => Hello ??= buffer.ToArray();

        public void Close()
        {
        }
    }
}
