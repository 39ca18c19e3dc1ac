using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// An association on a library that waits: its handshake has a thread of its own, of which there are few; before the cookie has come back,
/// and after the handshake, there is only a work item now and then. The media thread touches the queues alone.
/// </summary>
internal sealed class DtlsAssociation : IDtlsAssociation, IThreadPoolWorkItem
{
    private const int StackSize = 512 * 1024;
    private const byte Handshake = 22;
    private const byte ClientHello = 1;
    private const byte ServerHello = 2;
    private const byte HelloVerifyRequest = 3;
    private const int HandshakeTypeAt = 13;
    private const int MaxHellosOfOne = 8; // wait for their cookie: whoever sends more leaves room for the others

    private readonly HandshakeFactory _factory;
    private readonly DtlsIdentity _identity;
    private readonly DtlsParameters _parameters;
    private readonly IDtlsObserver _observer;
    private readonly DatagramQueue _in = new();
    private readonly DatagramQueue _out = new();
    private readonly QueueTransport _queues;
    private readonly HelloAssemblies _hellos = new();
    private readonly Lock _protocol = new(); // one caller at a time in the library
    private IHandshakePeer? _peer;
    private DtlsTransport? _transport;
    private long _waitsSince;       // for a place among the handshakes; 0: does not
    private int _state;
    private int _isScheduled;
    private volatile bool _isDeaf; // the library has failed since the handshake: it reads nothing any more

    public DtlsAssociation(HandshakeFactory factory, DtlsIdentity identity, DtlsParameters parameters, IDtlsObserver observer)
    {
        (_factory, _identity, _parameters, _observer) = (factory, identity, parameters, observer);
        _queues = new QueueTransport(_in, _out, parameters.Role);
    }

    private AssociationState State => (AssociationState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public void Start()
    {
        if (State == AssociationState.Idle && _parameters.Role == DtlsRole.Client)
            Schedule();
    }

    /// <inheritdoc/>
    public bool OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source)
    {
        switch (State)
        {
            case AssociationState.Idle when _parameters.Role == DtlsRole.Server && IsHello(datagram, ClientHello):
                return _in.TryAdd(datagram, source, MaxHellosOfOne) && Schedule();
            case AssociationState.Handshaking:
                return IsPartner(datagram, source) && _in.TryAdd(datagram, source);
            case AssociationState.Established:
                return !_isDeaf && IsPartner(datagram, source) && _in.TryAdd(datagram, source) && Schedule();
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public bool TryTake(Span<byte> datagram, out int length) => TryTake(datagram, out length, out _);

    /// <inheritdoc/>
    public bool TryTake(Span<byte> datagram, out int length, out ReadOnlySpan<byte> destination)
    {
        length = 0;
        destination = default;
        if (Volatile.Read(ref _waitsSince) is var since and not 0 && State == AssociationState.Idle
            && _factory.Time.GetElapsedTime(since) > _factory.Options.HandshakeTimeout)
            Fail(MediaFailure.Overloaded, "no place among the handshakes");
        if (!_out.TryTake(out var next))
            return false;
        next.Bytes.CopyTo(datagram);
        length = next.Bytes.Length;
        destination = next.Peer;
        return true;
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (!TryLeave(AssociationState.Established) || !_protocol.TryEnter())
            return;
        try
        {
            _transport!.Close();
        }
        finally
        {
            _protocol.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _state, (int)AssociationState.Ended);
        _in.End();
    }

    /// <summary>Works on what has come: off the media thread, outside the handshake.</summary>
    public void Execute()
    {
        Volatile.Write(ref _isScheduled, 0);
        // A handshake holds it for as long as it takes, and comes back here at its end: no thread of the pool waits for it.
        if (!_protocol.TryEnter())
            return;
        try
        {
            try
            {
                if (State == AssociationState.Idle && _parameters.Role == DtlsRole.Client)
                    TryBegin(null);
                else if (State == AssociationState.Idle)
                    Verify();
                else if (State == AssociationState.Established)
                    Receive();
            }
            catch (Exception e) // of the library, whatever a peer may have sent
            {
                Fail(MediaFailure.HandshakeFailed, e.Message);
            }
        }
        finally
        {
            _protocol.Exit();
        }

        // What came since then found nobody who would take it.
        if (!_in.IsEmpty && (State == AssociationState.Established || (State == AssociationState.Idle && _parameters.Role == DtlsRole.Server)))
            Schedule();
    }

    // Whose cookie has come back; or, as client, who has answered first. Nobody else takes part, or draws our flights to himself.
    private bool IsPartner(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source)
    {
        if (_queues.Partner is { Length: > 0 } partner)
            return source.SequenceEqual(partner);
        if (!IsHello(datagram, ServerHello) && !IsHello(datagram, HelloVerifyRequest))
            return false;
        _queues.Partner = source.ToArray();
        return true;
    }

    private static bool IsHello(ReadOnlySpan<byte> datagram, byte type) =>
        datagram.Length > HandshakeTypeAt && datagram[0] == Handshake && datagram[HandshakeTypeAt] == type;

    private bool Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    // Nothing is kept of a ClientHello before its cookie has come back, but for the fragments of one.
    private void Verify()
    {
        while (_in.TryTake(out var datagram))
        {
            _queues.Partner = datagram.Peer; // the request for the cookie goes to him
            if (_hellos.Add(datagram.Bytes, datagram.Peer) is not { } hello
                || _factory.Verify(datagram.Peer, hello, _queues) is not { } request)
                continue;
            if (TryBegin(request))
                return;
        }
    }

    private bool TryBegin(DtlsRequest? request)
    {
        if (!_factory.TryBegin())
        {
            if (Volatile.Read(ref _waitsSince) == 0)
                Volatile.Write(ref _waitsSince, Math.Max(1, _factory.Time.GetTimestamp()));
            return false;
        }

        if (Interlocked.CompareExchange(ref _state, (int)AssociationState.Handshaking, (int)AssociationState.Idle)
            != (int)AssociationState.Idle)
        {
            _factory.End();
            return true;
        }

        try
        {
            new Thread(() => Run(request), StackSize) { IsBackground = true, Name = "DTLS handshake" }.Start();
        }
        catch
        {
            _factory.End();
            throw;
        }

        return true;
    }

    private void Run(DtlsRequest? request)
    {
        lock (_protocol)
        {
            try
            {
                HandShake(request);
            }
            catch (Exception e) // of the library, whatever a peer may have sent
            {
                Fail(FailureOf(e), e.Message);
            }
            finally
            {
                _factory.End();
            }
        }

        if (!_in.IsEmpty)
            Schedule();
    }

    private void HandShake(DtlsRequest? request)
    {
        if (_parameters.Role == DtlsRole.Server)
        {
            var server = new ServerPeer(_factory, _identity, _parameters);
            _peer = _queues.Peer = server;
            _transport = new DtlsServerProtocol().Accept(server, _queues, request);
        }
        else
        {
            var client = new ClientPeer(_factory, _identity, _parameters);
            _peer = _queues.Peer = client;
            _transport = new DtlsClientProtocol().Connect(client, _queues);
        }

        // Keys are told before anything that can follow them.
        if (State == AssociationState.Handshaking)
            _observer.OnKeys(_peer.Keys!);
        Interlocked.CompareExchange(ref _state, (int)AssociationState.Established, (int)AssociationState.Handshaking);
    }

    // A repeated last flight is answered with ours, close_notify ends it; a new handshake, and whatever else, is passed over (RFC 5746: no
    // renegotiation).
    private void Receive()
    {
        Span<byte> application = stackalloc byte[DatagramQueue.MaxLength];
        for (var i = 0; i < DatagramQueue.Max && !_in.IsEmpty; i++)
            Receive(application);
        if (_peer!.IsClosedByPeer)
            Fail(MediaFailure.PeerClosed, "close_notify");
    }

    // Keys that both sides have are not void because the library fails: only an authentic alert says so.
    private void Receive(Span<byte> application)
    {
        try
        {
            _transport!.Receive(application, 1);
        }
        catch (Exception) when (!_peer!.IsFailedByPeer && !_peer.IsClosedByPeer)
        {
            _isDeaf = true;
            while (_in.TryTake(out _))
            {
            }
        }
    }

    private bool TryLeave(AssociationState from) =>
        Interlocked.CompareExchange(ref _state, (int)AssociationState.Ended, (int)from) == (int)from;

    private void Fail(MediaFailure failure, string why)
    {
        if (Interlocked.Exchange(ref _state, (int)AssociationState.Ended) == (int)AssociationState.Ended)
            return;
        _observer.OnFailed(failure);
        try
        {
            if (failure != MediaFailure.PeerClosed)
                DtlsLog.HandshakeFailed(_factory.Logger, _parameters.Role, failure, why);
        }
        catch (Exception) // a log that throws, on a thread of ours
        {
        }
    }

    private static MediaFailure FailureOf(Exception e) => e switch
    {
        WrongPeerException => MediaFailure.FingerprintMismatch,
        NoCommonProfileException => MediaFailure.NoCommonProfile,
        TlsTimeoutException => MediaFailure.HandshakeTimedOut,
        _ => MediaFailure.HandshakeFailed,
    };
}
