using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.TestKit.Certificates;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>A listener for TLS on the loopback, an authority that both sides trust, and clients.</summary>
internal sealed class TlsWorld : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    public TestAuthority Authority { get; } = new();

    public RecordingSink Sink { get; } = new();

    public ListLog Log { get; } = new();

    /// <summary>Makes a listener with a certificate for names.</summary>
    public async Task<TcpSipTransport> ListenAsync(
        string names = "localhost,127.0.0.1",
        TimeProvider? clock = null,
        Action<SipTlsOptions>? configure = null,
        Action<SipListenerOptions>? listener = null,
        ISipTransportSink? sink = null)
    {
        var tls = new SipTlsOptions { TrustedRoots = Authority.RootFile };
        if (names.Length > 0)
            tls.Certificates.Add(Files(names));
        configure?.Invoke(tls);
        var options = new SipListenerOptions
        {
            Protocol = SipTransportProtocol.Tls, EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = tls,
        };
        listener?.Invoke(options);
        var transport = new TcpSipTransport(options, SipLimits.Default, clock ?? TimeProvider.System, Log);
        _owned.Add(transport);
        await transport.StartAsync(sink ?? Sink, CancellationToken.None);
        return transport;
    }

    /// <summary>Files of a certificate for names.</summary>
    public TlsCertificateFile Files(string names, string? file = null)
    {
        using var certificate = Authority.Issue(names.Split(','));
        var (path, key) = Authority.WritePem(certificate, file);
        return new TlsCertificateFile { Certificate = path, Key = key };
    }

    /// <summary>Connects and secures as a client does that trusts whatever it is shown.</summary>
    public async Task<SslStream> ConnectAsync(
        IPEndPoint server, X509Certificate2? certificate = null, Action<SslClientAuthenticationOptions>? configure = null)
    {
        var stream = new SslStream(new NetworkStream(await Net.TcpClientAsync(server), ownsSocket: true));
        _owned.Add(stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ClientCertificates = certificate is null ? [] : [certificate],
        };
        configure?.Invoke(options);
        await stream.AuthenticateAsClientAsync(options).WaitAsync(Net.Limit);
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        Authority.Dispose();
    }

    /// <summary>What comes next; empty when the peer closed.</summary>
    public static async Task<string> ReadAsync(SslStream stream)
    {
        var buffer = new byte[65_536];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await Net.Within(stream.ReadAsync(buffer.AsMemory())));
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Thumbprint of what a peer has shown.</summary>
    public static string? Shown(SslStream stream) => (stream.RemoteCertificate as X509Certificate2)?.Thumbprint;
}
