using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Health;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Certificates;
using Atm0s.Sip.Tests.Defence;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Signalling.Secure;

/// <summary>Settings of TLS that can't work are refused with a sentence. Real files, and sockets of the loopback.</summary>
public sealed class TlsSettingsTests
{
    [Test]
    public void ListenerWithoutACertificate_IsRefused() =>
        Assert.That(
            async () => await StartAsync(_ => { }),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("Tls.Certificates").And.Message.Contains("SelfSigned"));

    [TestCase("/nowhere/fullchain.pem", null)]
    [TestCase(null, "/nowhere/privkey.pem")]
    public void FileThatIsNotThere_IsNamed(string? certificate, string? key)
    {
        using var authority = new TestAuthority();
        using var issued = authority.Issue("localhost");
        var files = authority.WritePem(issued);
        Assert.That(
            async () => await StartAsync(o => o.Tls.Certificates.Add(
                new TlsCertificateFile { Certificate = certificate ?? files.Certificate, Key = key ?? files.Key })),
            Throws.InstanceOf<SipStartException>().With.Message.Contains(certificate ?? key));
    }

    [Test]
    public void KeyOfAnotherCertificate_IsRefused()
    {
        using var authority = new TestAuthority();
        using var one = authority.Issue("localhost");
        using var other = authority.Issue("localhost");
        var (certificate, _) = authority.WritePem(one);
        var (_, key) = authority.WritePem(other);
        Assert.That(
            async () => await StartAsync(o => o.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key })),
            Throws.InstanceOf<SipStartException>().With.Message.Contains(key));
    }

    [Test]
    public async Task SelfSigned_Starts_AndSaysSo()
    {
        var log = new LogLines();
        await using var server = await StartAsync(o => o.Tls.SelfSigned = true, log);
        Assert.That(server.ListenUris.Single(), Does.StartWith("tls://127.0.0.1:"));
        Assert.That(log.Of(1013).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task RequiredCertificates_OfNobodyInParticular_AreRefused()
    {
        using var authority = new TestAuthority();
        Assert.That(
            async () => await StartAsync(o => (o.Tls.SelfSigned, o.Tls.ClientCertificates) = (true, TlsClientCertificates.Required)),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("Tls.TrustedRoots"));
        await using var server = await StartAsync(o =>
        {
            (o.Tls.SelfSigned, o.Tls.ClientCertificates) = (true, TlsClientCertificates.Required);
            o.Tls.TrustedRoots = authority.RootFile;
        });
        Assert.That(server.ListenUris, Has.Count.EqualTo(1));
    }

    [TestCase(300, HealthStatus.Healthy)]
    [TestCase(360, HealthStatus.Degraded)]
    [TestCase(400, HealthStatus.Degraded)]
    public async Task CertificateThatEnds_DegradesTheListeners(int days, HealthStatus status)
    {
        using var authority = new TestAuthority();
        using var issued = authority.Issue("localhost");
        var (certificate, key) = authority.WritePem(issued);
        await using var server = await StartAsync(
            o => o.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key }),
            new SipServerEnvironment { TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(days)) });
        var reading = new ServerHealth(server.Parts).Listeners();
        Assert.That(reading.Status, Is.EqualTo(status), reading.Description);
        Assert.That(reading.Data.Keys, Has.Some.EndsWith("certificate ends"));
    }

    [TestCase(SipTransportProtocol.Ws)]
    [TestCase(SipTransportProtocol.Wss)]
    public void WebSocketListener_IsRefused(SipTransportProtocol protocol) =>
        Assert.That(
            async () => await StartAsync(o => o.Listeners[0].Protocol = protocol),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("MapSipWebSocket"));

    private static Task<SipServer> StartAsync(Action<SipServerOptions> configure, LogLines? log = null) =>
        StartAsync(configure, log is null ? null : new SipServerEnvironment { LoggerFactory = log });

    private static async Task<SipServer> StartAsync(Action<SipServerOptions> configure, SipServerEnvironment? environment)
    {
        var options = new SipServerOptions { Realm = "test.local" };
        options.Listen("tls://127.0.0.1:0");
        options.Media.FirstPort = 31_000;
        options.Media.LastPort = 31_999;
        configure(options);
        var server = new SipServer(options, new TestHost().Handlers, environment);
        await server.StartAsync();
        return server;
    }
}
