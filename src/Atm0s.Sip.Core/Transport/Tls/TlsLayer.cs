using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>
/// TLS over one connection. Reading is for one, and so is writing; both at a time is well. Ending is not for the time in which the reader
/// decrypts: <see cref="SslStream"/> locks reading and writing against each other, and not its end.
/// </summary>
internal sealed class TlsLayer : IDisposable
{
    // A record has 16 KiB at most, and some 40 bytes around them.
    private const int MaxRecordOverhead = 1024;

    private readonly TcpSipFlow _flow;
    private readonly TlsContext _context;
    private readonly SslStream _stream;
    private readonly Lock _turn = new(); // innermost: nothing else is locked inside
    private bool _isReading;
    private bool _isEndOwed;
    private bool _hasEnded;

    public TlsLayer(TcpSipFlow flow, TlsContext context)
    {
        (_flow, _context) = (flow, context);
        _stream = new SslStream(new CipherStream(flow, this, context.Options.MaxHandshakeBytes));
    }

    /// <summary>Who is at the other end; null when it has shown no certificate, or none that is trusted.</summary>
    public TlsIdentity? Identity { get; private set; }

    /// <summary>What waits for the handshake; under the lock of the connection.</summary>
    public TcpSendQueue? Early { get; set; }

    /// <summary>The handshake, for as long as it takes: the connection closes when that is too long.</summary>
    /// <param name="peer">Whom we expect where we have connected; null where the peer has.</param>
    /// <exception cref="Exception">It failed, for whatever reason.</exception>
    public async Task SecureAsync(TlsPeer? peer)
    {
        try
        {
            if (peer is not null)
            {
                await SecureAsClientAsync(peer).ConfigureAwait(false);
                return;
            }

            await _stream.AuthenticateAsServerAsync(
                (_, hello, _, _) => ValueTask.FromResult(_context.ForServer(hello.ServerName, OnIdentity)), null).ConfigureAwait(false);
        }
        finally
        {
            LeaveReading();
        }
    }

    private async Task SecureAsClientAsync(TlsPeer peer)
    {
        var refusal = (string?)null;
        try
        {
            await _stream.AuthenticateAsClientAsync(_context.ForClient(peer, OnIdentity, why => refusal = why)).ConfigureAwait(false);
        }
        catch (AuthenticationException exception) when (refusal is not null)
        {
            throw new CertificateRefusedException(refusal, exception);
        }
    }

    /// <summary>Waits until there is something to read, without a buffer.</summary>
    public ValueTask<int> WaitAsync() => ReadAsync(Memory<byte>.Empty);

    /// <summary>Reads what is there; 0 when the peer has closed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> room)
    {
        EnterReading();
        try
        {
            return await _stream.ReadAsync(room).ConfigureAwait(false);
        }
        finally
        {
            LeaveReading();
        }
    }

    /// <summary>
    /// Encrypts and sends. What is encrypted must go out, for the next record counts on it: so it is encrypted only when there is room. Under
    /// the lock of the connection.
    /// </summary>
    /// <param name="message">What is sent.</param>
    /// <param name="isBroken">Whether nothing more can be sent.</param>
    public bool TryWrite(ReadOnlySpan<byte> message, out bool isBroken)
    {
        isBroken = false;
        if (_flow.Queue is { IsEmpty: false } queue && !queue.HasRoom(message.Length + MaxRecordOverhead))
            return false;
        try
        {
            _stream.Write(message);
            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            isBroken = true;
            return false;
        }
    }

    /// <summary>Sends what was to be sent during the handshake; false when that is not possible. Under the lock of the connection.</summary>
    public bool TryWriteEarly()
    {
        while (Early is { IsEmpty: false } early)
        {
            var block = early.First;
            if (!TryWrite(block.Span, out _))
                return false;
            early.Advance(block.Length);
        }

        return true;
    }

    /// <summary>The reader decrypts from now on.</summary>
    public void EnterReading()
    {
        lock (_turn)
            _isReading = true;
    }

    /// <summary>The reader waits, or is done: an end that was asked for meanwhile is said now.</summary>
    public void LeaveReading()
    {
        lock (_turn)
        {
            _isReading = false;
            if (!_isEndOwed || _hasEnded)
                return;
        }

        _flow.OnEndOwed();
    }

    /// <summary>
    /// Says that nothing more comes (RFC 8446 §6.1), if that can be said; under the lock of the connection, under which all is written.
    /// </summary>
    /// <returns>False while the reader decrypts: it comes back with it.</returns>
    public bool TryEnd()
    {
        lock (_turn)
        {
            if (_hasEnded)
                return true;
            _isEndOwed = true;
            if (_isReading)
                return false;
            _hasEnded = true;
            try
            {
                // It writes, which never waits, and is done.
                _ = _stream.ShutdownAsync();
            }
#pragma warning disable CA1031 // The handshake was not done, the connection is broken, or the peer has left OpenSSL in the middle of something.
            catch (Exception)
#pragma warning restore CA1031
            {
            }

            return true;
        }
    }

    public void Dispose() => _stream.Dispose();

    private void OnIdentity(TlsIdentity identity) => Identity = identity;
}
