using System.Net;
using System.Net.Sockets;
using System.Text;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>A client of TLS 1.3 from another library, which sends what no sound client would: records of its choice.</summary>
internal sealed class RawTlsClient : TlsClientProtocol, IDisposable
{
    private readonly Socket _socket;

    private RawTlsClient(Socket socket, NetworkStream stream)
        : base(stream)
    {
        _socket = socket;
    }

    /// <summary>Connects, and has the handshake behind it.</summary>
    public static async Task<RawTlsClient> ConnectAsync(IPEndPoint server)
    {
        var socket = await Net.TcpClientAsync(server);
        var client = new RawTlsClient(socket, new NetworkStream(socket, ownsSocket: false));
        await Task.Run(() => client.Connect(new Client())).WaitAsync(Net.Limit);
        return client;
    }

    /// <summary>Sends a record of a handshake that is long over.</summary>
    public void SendHandshake(params byte[] content) => SafeWriteRecord(ContentType.handshake, content, 0, content.Length);

    /// <summary>Sends what an application would.</summary>
    public void Send(byte[] content) => WriteApplicationData(content, 0, content.Length);

    /// <summary>What comes next from the application at the other end; empty at its end.</summary>
    public Task<string> ReadAsync() => Task.Run(() =>
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, Math.Max(0, ReadApplicationData(buffer, 0, buffer.Length)));
    }).WaitAsync(Net.Limit);

    public void Dispose() => _socket.Dispose();

    private sealed class Client() : DefaultTlsClient(new BcTlsCrypto(new SecureRandom()))
    {
        public override TlsAuthentication GetAuthentication() => new Trusting();

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.TLSv13.Only();
    }

    private sealed class Trusting : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            // Whatever it shows.
        }

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) => null;
    }
}
