using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.TestKit.Certificates;

namespace Atm0s.Sip.Interop.Secure;

/// <summary>A server with a certificate that the phones can check.</summary>
public abstract class TlsTest : InteropTest
{
    private TestAuthority? _authority;

    /// <summary>Who has signed it.</summary>
    protected TestAuthority Authority => _authority ??= new TestAuthority();

    /// <summary>Removes the files.</summary>
    [TearDown]
    public void RemoveCertificates()
    {
        _authority?.Dispose();
        _authority = null;
    }

    /// <summary>Starts a server that listens for TLS, too.</summary>
    protected Task<RoomServerProcess> TlsServerAsync(params string[] more)
    {
        using var certificate = Authority.Issue("localhost", "127.0.0.1");
        var (path, key) = Authority.WritePem(certificate, "server");
        return ServerAsync(
            [
                "--listen", "tls://127.0.0.1:0", "--certificate", path, "--key", key, "--trusted-roots", Authority.RootFile,
                .. more,
            ]);
    }

    /// <summary>A phone that speaks TLS and trusts the authority.</summary>
    protected PhoneOptions Phone(string user, RoomServerProcess server, double hz)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new PhoneOptions(user, server.Tls, hz) { Transport = "tls", TrustedRoots = Authority.RootFile };
    }
}
