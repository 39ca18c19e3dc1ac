using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>
/// openssl s_client and s_server against an association, over real sockets: the keys that openssl exports (RFC 5764 §4.2) are ours.
/// </summary>
[Property("rfc", "5764-4.2")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class OpenSslTests : IDtlsObserver
{
    private const string Profile = "SRTP_AES128_CM_SHA1_80";

    private static readonly SrtpSuite Suite = SrtpSuite.All.Single(suite => suite.Name == "AES_CM_128_HMAC_SHA1_80");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<SrtpKeys> _keys = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _printed = new();

    [Test]
    public async Task Openssl_ExportsTheKeysThatWeHave([Values] DtlsRole ours)
    {
        if (!File.Exists("/usr/bin/openssl"))
            Assert.Ignore("openssl is not installed");
        var folder = Directory.CreateTempSubdirectory("atm0s-dtls");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=openssl", key, HashAlgorithmName.SHA256)
                .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var (pem, keyPem) = (Path.Combine(folder.FullName, "cert.pem"), Path.Combine(folder.FullName, "key.pem"));
            await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(keyPem, key.ExportPkcs8PrivateKeyPem());

            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var peer = new IPEndPoint(IPAddress.Loopback, FreePort());
            var here = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
            using var process = Start(
            [
                .. ours == DtlsRole.Server ? (string[])["s_client", "-connect", $"127.0.0.1:{here}"]
                    : ["s_server", "-accept", $"127.0.0.1:{peer.Port}", "-Verify", "1"],
                "-dtls1_2", "-use_srtp", Profile, "-cert", pem, "-key", keyPem,
                "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "60",
            ]);
            using var association = new DtlsProvider(new DtlsOptions()).Identity.Open(
                new DtlsParameters
                {
                    Identity = new DtlsProvider(new DtlsOptions()).Identity, Role = ours,
                    RemoteFingerprints = [CertificateFingerprint.Of(certificate.RawData)],
                },
                this);
            if (ours == DtlsRole.Client)
                await PrintedAsync("ACCEPT");
            await CarryAsync(association, socket, ours == DtlsRole.Client ? peer : null);

            var exported = Convert.FromHexString(KeyingMaterial().Match(await PrintedAsync("Keying material: ")).Groups[1].ValueSpan);
            process.Kill();
            var keys = await _keys.Task;
            var (client, server) = ours == DtlsRole.Client ? (keys.Send, keys.Receive) : (keys.Receive, keys.Send);
            var all = (byte[])[.. client.Key, .. server.Key, .. client.Salt, .. server.Salt];
            Assert.That(client.Suite, Is.SameAs(Suite));
            Assert.That(exported, Is.EqualTo(all));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    void IDtlsObserver.OnKeys(SrtpKeys keys) => _keys.TrySetResult(keys);

    void IDtlsObserver.OnFailed(MediaFailure failure) => _keys.TrySetException(new AssertionException($"{failure}: {_printed}"));

    [GeneratedRegex("Keying material: ([0-9A-F]{120})")]
    private static partial Regex KeyingMaterial();

    private static int FreePort()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
    }

    // What one side sends goes to the other until there are keys, and what they have to say then.
    private async Task CarryAsync(IDtlsAssociation association, UdpClient socket, IPEndPoint? peer)
    {
        var buffer = new byte[2048];
        association.Start();
        for (var (watch, after) = (Stopwatch.StartNew(), 0); after < 20 && watch.Elapsed < Limit; await Task.Delay(5))
        {
            while (socket.Available > 0)
            {
                var came = await socket.ReceiveAsync();
                peer = came.RemoteEndPoint;
                association.OnDatagram(came.Buffer, Encoding.ASCII.GetBytes(peer.ToString()));
            }

            while (association.TryTake(buffer, out var length, out _))
                await socket.SendAsync(buffer.AsMemory(0, length), peer!);
            after += _keys.Task.IsCompleted ? 1 : 0;
        }
    }

    private Process Start(string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, line) => Print(line.Data);
        process.ErrorDataReceived += (_, line) => Print(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Print(string? line)
    {
        lock (_printed)
            _printed.Append(CultureInfo.InvariantCulture, $"{line}\n");
    }

    private async Task<string> PrintedAsync(string text)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            lock (_printed)
            {
                var all = _printed.ToString();
                if (all.Contains(text, StringComparison.Ordinal) && all.EndsWith('\n'))
                    return all;
                Assert.That(watch.Elapsed, Is.LessThan(Limit), all);
            }
        }
    }
}
