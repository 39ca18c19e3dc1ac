using System.Net.Security;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>TLS over one connection. Reading is for one, and so is writing; both at a time is well.</summary>
internal sealed class TlsLayer(TcpSipFlow flow, TlsContext context) : IDisposable
{
    private readonly SslStream _stream = new(new CipherStream(flow, context.Options.MaxHandshakeBytes));

    /// <summary>Who is at the other end; null when it has shown no certificate, or none that is trusted.</summary>
    public TlsIdentity? Identity { get; private set; }

    /// <summary>The handshake, for as long as it takes: the connection closes when that is too long.</summary>
    /// <param name="peer">Whom we expect where we have connected; null where the peer has.</param>
    /// <exception cref="Exception">It failed, for whatever reason.</exception>
    public async Task SecureAsync(TlsPeer? peer)
    {
        if (peer is not null)
        {
            await _stream.AuthenticateAsClientAsync(context.ForClient(peer, OnIdentity)).ConfigureAwait(false);
            return;
        }

        await _stream.AuthenticateAsServerAsync(
            (_, hello, _, _) => ValueTask.FromResult(context.ForServer(hello.ServerName, OnIdentity)), null).ConfigureAwait(false);
    }

    /// <summary>Waits until there is something to read, without a buffer.</summary>
    public ValueTask<int> WaitAsync() => _stream.ReadAsync(Memory<byte>.Empty);

    /// <summary>Reads what is there; 0 when the peer has closed.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> room) => _stream.ReadAsync(room);

    /// <summary>Encrypts and sends.</summary>
    /// <exception cref="IOException">It could not be sent: nothing more can.</exception>
    public void Write(ReadOnlySpan<byte> message) => _stream.Write(message);

    /// <summary>Says that nothing more comes (RFC 8446 §6.1), if that can be said.</summary>
    public void End()
    {
        try
        {
            // It writes, which never waits, and is done.
            _ = _stream.ShutdownAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The handshake was not done, or the connection is broken.
        }
    }

    public void Dispose() => _stream.Dispose();

    private void OnIdentity(TlsIdentity identity) => Identity = identity;
}
