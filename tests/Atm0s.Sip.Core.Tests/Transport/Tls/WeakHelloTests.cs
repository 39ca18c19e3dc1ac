using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>
/// ClientHellos written by hand, of versions and suites that no library offers any more (RFC 8996, RFC 9325 §3.1, §4.1): the server answers
/// with an alert, whichever key its certificate has.
/// </summary>
[TestFixture]
public sealed class WeakHelloTests
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const ushort Tls12 = 0x0303;

    private TlsWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new TlsWorld();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("NULL", new ushort[] { 0x0001, 0x0002, 0x003B, 0xC006, 0xC010 })]
    [TestCase("EXPORT", new ushort[] { 0x0003, 0x0006, 0x0008, 0x0014, 0x0060, 0x0062, 0x0064 })]
    [TestCase("RC4", new ushort[] { 0x0004, 0x0005, 0xC007, 0xC011 })]
    [TestCase("3DES and DES", new ushort[] { 0x0009, 0x000A, 0x0016, 0xC008, 0xC012 })]
    [TestCase("IDEA and SEED", new ushort[] { 0x0007, 0x0096, 0x009A })]
    [TestCase("nobody's certificate", new ushort[] { 0x0018, 0x0034, 0x006C, 0x00A6, 0xC016, 0xC018, 0xC019 })]
    [TestCase("PSK", new ushort[] { 0x008C, 0x00A8, 0x00AE, 0xC035 })]
    public async Task WeakSuites_AreRefused(string kind, ushort[] suites)
    {
        foreach (var isRsa in new[] { false, true })
        {
            var transport = await ListenAsync(isRsa);
            Assert.That(await AnswerToAsync(transport, Tls12, suites), Is.EqualTo(Alert), $"{kind}, RSA {isRsa}");
            var beside = await AnswerToAsync(transport, Tls12, [.. suites, 0xC02B, 0xC02F]);
            Assert.That(beside, Is.EqualTo(Handshake), "with a sound one beside them");
        }
    }

    [TestCase((ushort)0x0300)]
    [TestCase((ushort)0x0301)]
    [TestCase((ushort)0x0302)]
    public async Task OldVersions_AreRefused(ushort version)
    {
        var transport = await ListenAsync(isRsa: true);
        Assert.That(await AnswerToAsync(transport, version, [0xC013, 0xC014, 0x002F, 0x0035]), Is.EqualTo(Alert));
        Assert.That(await AnswerToAsync(transport, Tls12, [0xC02F]), Is.EqualTo(Handshake));
    }

    private async Task<TcpSipTransport> ListenAsync(bool isRsa)
    {
        if (!isRsa)
            return await _world.ListenAsync();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        var (path, keyPath) = (Path.Combine(_world.Authority.Folder, "rsa.crt"), Path.Combine(_world.Authority.Folder, "rsa.key"));
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        var file = new TlsCertificateFile { Certificate = path, Key = keyPath };
        return await _world.ListenAsync("", configure: o => o.Certificates.Add(file));
    }

    // The type of the first record; an alert also where the connection is closed without one.
    private static async Task<byte> AnswerToAsync(TcpSipTransport transport, ushort version, ushort[] suites)
    {
        using var socket = await Net.TcpClientAsync(transport.LocalEndPoint);
        await socket.SendAsync(Hello(version, suites));
        var first = new byte[1];
        try
        {
            return await socket.ReceiveAsync(first).WaitAsync(Net.Limit) == 0 ? Alert : first[0];
        }
        catch (SocketException)
        {
            return Alert;
        }
    }

    // RFC 5246 §7.4.1.2, with the groups, formats and signatures that everybody has.
    private static byte[] Hello(ushort version, ushort[] suites)
    {
        byte[] extensions =
        [
            0, 10, 0, 6, 0, 4, 0, 0x17, 0, 0x1D,
            0, 11, 0, 2, 1, 0,
            0, 13, 0, 14, 0, 12, 4, 3, 4, 1, 8, 4, 5, 1, 2, 1, 2, 3,
        ];
        byte[] list = [.. suites.SelectMany(suite => Two(suite))];
        byte[] body =
        [
            .. Two(version), .. RandomNumberGenerator.GetBytes(32), 0, .. Two(list.Length), .. list, 1, 0,
            .. Two(extensions.Length), .. extensions,
        ];
        return [Handshake, 3, 1, .. Two(body.Length + 4), 1, 0, .. Two(body.Length), .. body];
    }

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];
}
