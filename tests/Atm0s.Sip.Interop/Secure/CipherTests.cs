namespace Atm0s.Sip.Interop.Secure;

/// <summary>What the server agrees to, and what it does not (RFC 8996, RFC 9325 §3, §4), seen by openssl.</summary>
public sealed class CipherTests : TlsTest
{
    [Test]
    public async Task Old_versions_and_weak_ciphers_are_refused()
    {
        var server = await TlsServerAsync();
        Assert.That(await OpenSsl.AgreedAsync(server.Tls, "-tls1_3"), Does.StartWith("TLSv1.3 TLS_AES"));
        Assert.That(await OpenSsl.AgreedAsync(server.Tls, "-tls1_2"), Does.Contain("ECDHE"));
        foreach (var old in new[] { "-tls1", "-tls1_1" })
            Assert.That(await OpenSsl.AgreedAsync(server.Tls, old, "-cipher", "ALL:@SECLEVEL=0"), Is.Null, old);
        // What openssl itself has none of any more is offered by WeakHelloTests, byte by byte.
        foreach (var weak in new[] { "eNULL", "aNULL", "PSK" })
        {
            var text = await OpenSsl.HandshakeAsync(server.Tls, "-tls1_2", "-cipher", $"{weak}:@SECLEVEL=0", "-psk", "00112233");
            Assert.That(text, Does.Not.Contain("no cipher").And.Contain("alert"), weak);
        }
    }

    [Test]
    public async Task Chain_is_checked_by_openssl()
    {
        var server = await TlsServerAsync();
        var text = await OpenSsl.HandshakeAsync(
            server.Tls, "-CAfile", Authority.RootFile, "-verify_return_error", "-servername", "localhost", "-verify_hostname", "localhost");
        Assert.That(text, Does.Contain("Verify return code: 0 (ok)"));
    }
}
