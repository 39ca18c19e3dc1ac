using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RoomServer;

namespace Atm0s.Sip.Hooks.Http.Tests.Samples;

/// <summary>RoomServer over https with a file of certificates, as public authorities give it: ours, and the one above it.</summary>
public sealed class RoomServerChainTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Test]
    public async Task FileWithThoseAbove_IsShownWhole_AndTakenAnew()
    {
        var time = new FakeTimeProvider();
        var folder = Directory.CreateTempSubdirectory("atm0s-chain-");
        try
        {
            var (certificate, key) = (Path.Combine(folder.FullName, "chain.pem"), Path.Combine(folder.FullName, "key.pem"));
            var above = Write(certificate, key);
            using var host = RoomServerHost.Create(
                Arguments.Parse(
                [
                    "--listen", "udp://127.0.0.1:0", "--http", "https://127.0.0.1:0", "--certificate", certificate, "--key", key,
                    "--api-key", "0123456789abcdef0123456789abcdef",
                ]),
                TextWriter.Null,
                time: time);
            await RoomServerHost.StartAsync(host);
            var url = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            Assert.That(await ShownAsync(url.Port), Does.Contain(above));

            // The browsers' half of the server must not end while that of the phones goes on.
            var renewed = Write(certificate, key);
            Assert.That(await ShownAsync(url.Port), Does.Not.Contain(renewed), "it is looked at once a minute");
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.That(await ShownAsync(url.Port), Does.Contain(renewed).And.Not.Contain(above));
            await File.WriteAllTextAsync(certificate, "half of one");
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.That(await ShownAsync(url.Port), Does.Contain(renewed), "what can't be read leaves what was");
            await host.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<string>> ShownAsync(int port)
    {
        List<string> shown = [];
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "rooms.example.com",
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, _, chain, _) =>
            {
                shown.AddRange(chain!.ChainPolicy.ExtraStore.Select(one => one.Thumbprint));
                shown.AddRange(chain.ChainElements.Select(one => one.Certificate.Thumbprint));
                return true;
            },
        });
        return shown;
    }

    // The thumbprint of the one above ours.
    private static string Write(string certificate, string key)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var aboveKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ownKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Request("CN=Root of nobody", rootKey, isAuthority: true);
        using var signed = root.CreateSelfSigned(Now.AddDays(-3), Now.AddDays(30));
        using var above = Request("CN=Between", aboveKey, isAuthority: true).Create(signed, Now.AddDays(-2), Now.AddDays(20), [1]);
        using var aboveWithKey = above.CopyWithPrivateKey(aboveKey);
        using var own = Request("CN=rooms.example.com", ownKey, isAuthority: false)
            .Create(aboveWithKey, Now.AddDays(-1), Now.AddDays(10), [2]);
        File.WriteAllText(certificate, own.ExportCertificatePem() + "\n" + above.ExportCertificatePem() + "\n");
        File.WriteAllText(key, ownKey.ExportPkcs8PrivateKeyPem());
        return above.Thumbprint;
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
