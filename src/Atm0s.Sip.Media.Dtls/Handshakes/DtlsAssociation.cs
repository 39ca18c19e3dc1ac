using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// An association on a library that waits: its handshake has a thread of its own, of which there are few; before the peer has shown that it
/// is there, and after the handshake, there is only a work item now and then. The media thread touches the queues alone.
/// </summary>
internal sealed class DtlsAssociation : IDtlsAssociation, IHandshake, IThreadPoolWorkItem
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
    private ClientGreeting? _greeting; // as client
    private DtlsRequest? _request;     // as server: whose cookie has come back
    private long _waitsSince;          // for a place among the handshakes
    private ulong _network;
    private volatile bool _hasPlace;
    private int _state;
    private int _isScheduled;
    private volatile bool _isDeaf; // the library has failed since the handshake: it reads nothing any more

    public DtlsAssociation(HandshakeFactory factory, DtlsIdentity identity, DtlsParameters parameters, IDtlsObserver observer)
    {
        (_factory, _identity, _parameters, _observer) = (factory, identity, parameters, observer);
        _queues = new QueueTransport(_in, _out, parameters.Role);
    }

    /// <inheritdoc/>
    public ulong Network => Volatile.Read(ref _network);

    private AssociationState State => (AssociationState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public void SetNetwork(ulong network) => Volatile.Write(ref _network, network);

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
            case AssociationState.Greeting:
                return IsPartner(datagram, source) && _in.TryAdd(datagram, source) && Schedule();
            case AssociationState.Waiting:
                return IsPartner(datagram, source) && (_parameters.Role == DtlsRole.Server || _in.TryAdd(datagram, source));
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
        Watch();
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
        if (!TryGo(AssociationState.Established, AssociationState.Ended) || !_protocol.TryEnter())
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
        End();
        _in.End();
    }

    /// <inheritdoc/>
    public void OnPlace()
    {
        _hasPlace = true;
        Schedule();
    }

    /// <inheritdoc/>
    public void GiveWay()
    {
        Fail(MediaFailure.Overloaded, "others wait for its place");
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
                Work();
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
        if (HasWork)
            Schedule();
    }

    private bool HasWork => State switch
    {
        AssociationState.Idle => _parameters.Role == DtlsRole.Server && !_in.IsEmpty,
        AssociationState.Greeting or AssociationState.Established => !_in.IsEmpty,
        AssociationState.Waiting => _hasPlace,
        _ => false,
    };

    private void Work()
    {
        switch (State)
        {
            case AssociationState.Idle when _parameters.Role == DtlsRole.Client:
                Greet();
                break;
            case AssociationState.Idle:
                Verify();
                break;
            case AssociationState.Greeting when !_in.IsEmpty:
                Wait(AssociationState.Greeting);
                break;
            case AssociationState.Waiting when _hasPlace:
                Begin();
                break;
            case AssociationState.Established:
                Receive();
                break;
        }
    }

    // What nobody else tells: that time is over, or that a place may be free by now.
    private void Watch()
    {
        switch (State)
        {
            case AssociationState.Greeting when _greeting!.IsOver:
                Fail(MediaFailure.HandshakeTimedOut, "nobody has answered");
                break;
            case AssociationState.Greeting when _greeting!.TryRepeat():
                _out.TryAdd(_greeting.Hello, []);
                break;
            case AssociationState.Waiting when _factory.Time.GetElapsedTime(Volatile.Read(ref _waitsSince)) > _factory.Options.HandshakeTimeout:
                Fail(MediaFailure.Overloaded, "no place among the handshakes");
                break;
            case AssociationState.Waiting:
                _factory.Places.Poll();
                break;
        }
    }

    // A handshake that runs gives its place back itself.
    private bool End()
    {
        var was = (AssociationState)Interlocked.Exchange(ref _state, (int)AssociationState.Ended);
        if (was == AssociationState.Waiting)
            _factory.Places.Leave(this);
        return was != AssociationState.Ended;
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
            _request = request;
            Wait(AssociationState.Idle);
            return;
        }
    }

    // Nobody may ever answer: that must take no place from those whose peer is there.
    private void Greet()
    {
        _greeting = _queues.Greeting = new ClientGreeting(_factory, _identity, _parameters);
        if (TryGo(AssociationState.Idle, AssociationState.Greeting))
            _out.TryAdd(_greeting.Hello, []);
    }

    private void Wait(AssociationState from)
    {
        Volatile.Write(ref _waitsSince, _factory.Time.GetTimestamp());
        if (!TryGo(from, AssociationState.Waiting))
            return;
        if (!_factory.Places.TryEnter(this))
            Fail(MediaFailure.Overloaded, "too many wait for a place among the handshakes");
        if (State == AssociationState.Ended)
            _factory.Places.Leave(this);
    }

    private void Begin()
    {
        if (!TryGo(AssociationState.Waiting, AssociationState.Handshaking))
            return;
        try
        {
            new Thread(Run, StackSize) { IsBackground = true, Name = "DTLS handshake" }.Start();
        }
        catch
        {
            _factory.Places.Leave(this);
            throw;
        }
    }

    private void Run()
    {
        lock (_protocol)
        {
            try
            {
                HandShake();
            }
            catch (Exception e) // of the library, whatever a peer may have sent
            {
                Fail(FailureOf(e), e.Message);
            }
            finally
            {
                _factory.Places.Leave(this);
            }
        }

        if (!_in.IsEmpty)
            Schedule();
    }

    private void HandShake()
    {
        if (_parameters.Role == DtlsRole.Server)
        {
            var server = new ServerPeer(_factory, _identity, _parameters);
            _peer = _queues.Peer = server;
            _transport = new DtlsServerProtocol().Accept(server, _queues, _request);
        }
        else
        {
            var client = new ClientPeer(_greeting!, _factory, _identity, _parameters);
            _peer = _queues.Peer = client;
            _transport = new DtlsClientProtocol().Connect(client, _queues);
        }

        // Keys are told before anything that can follow them.
        if (State == AssociationState.Handshaking)
            _observer.OnKeys(_peer.Keys!);
        TryGo(AssociationState.Handshaking, AssociationState.Established);
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

    private bool TryGo(AssociationState from, AssociationState to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    private void Fail(MediaFailure failure, string why)
    {
        if (!End())
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
