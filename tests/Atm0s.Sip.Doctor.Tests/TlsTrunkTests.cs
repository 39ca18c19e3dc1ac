using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Doctor.Pings;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.TestKit.Certificates;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>Asks real servers over TLS, by the rules that hold for trunks.</summary>
[NonParallelizable]
public sealed class TlsTrunkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestAuthority _authority = new();
    private SipServer _carrier = null!;

    [OneTimeSetUp]
    public async Task StartCarrierAsync() => _carrier = await ServerAsync("carrier.example.com", TlsClientCertificates.Ignored);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _carrier.DisposeAsync();
        _authority.Dispose();
    }

    [Test]
    public async Task RightCertificate_IsAnswered()
    {
        var answer = await AskAsync(_carrier, new TlsPeer("carrier.example.com", new() { TrustedRoots = _authority.RootFile }));
        Assert.That((answer.Status, answer.Problem), Is.EqualTo((200, (string?)null)));
    }

    [Test]
    public async Task WrongName_IsSaid()
    {
        var answer = await AskAsync(_carrier, new TlsPeer("other.example.com", new() { TrustedRoots = _authority.RootFile }));
        Assert.That((answer.Status, answer.IsRefusedByTls), Is.EqualTo((0, true)));
        Assert.That(answer.Problem, Is.EqualTo("its certificate is for carrier.example.com, not for other.example.com"));
    }

    [Test]
    public async Task UnknownAuthority_IsSaid()
    {
        var answer = await AskAsync(_carrier, new TlsPeer("carrier.example.com"));
        Assert.That((answer.Status, answer.IsRefusedByTls), Is.EqualTo((0, true)));
        Assert.That(answer.Problem, Does.StartWith("its certificate is not trusted"));
    }

    [Test]
    public async Task CarrierThatWantsACertificate_GetsThatOfTheTrunk()
    {
        await using var strict = await ServerAsync("strict.example.com", TlsClientCertificates.Required);
        var (certificate, key) = _authority.WritePem(_authority.Issue("me.example.com"));
        var options = new TlsClientOptions { TrustedRoots = _authority.RootFile };

        var without = await AskAsync(strict, new TlsPeer("strict.example.com", options));
        var with = await AskAsync(strict, new TlsPeer(
            "strict.example.com",
            options with { Certificate = new TlsCertificateFile { Certificate = certificate, Key = key } }));

        Assert.That(without.Status, Is.Zero);
        Assert.That((with.Status, with.Problem), Is.EqualTo((200, (string?)null)));
    }

    [Test]
    public async Task ServerWithoutTls_IsNoTrunkOverTls()
    {
        await using var plain = new SipServer(Open().Listen("tcp://127.0.0.1:0"), Handlers());
        await plain.StartAsync();
        var answer = await AskAsync(plain, new TlsPeer("carrier.example.com"));
        Assert.That(answer.Status, Is.Zero);
        Assert.That(answer.Problem, Is.Not.Empty);
    }

    private static Task<PingResult> AskAsync(SipServer server, TlsPeer peer)
    {
        var end = new IPEndPoint(IPAddress.Loopback, new Uri(server.ListenUris[0]).Port);
        var listener = new SipListenerOptions { Protocol = SipTransportProtocol.Tls };
        return new OptionsPing().PingAsync(
            new PingTarget("sip:127.0.0.1", SipTransportProtocol.Tls, end, peer, listener, new SipTlsOptions()), Patience, default);
    }

    private async Task<SipServer> ServerAsync(string name, TlsClientCertificates policy)
    {
        var (certificate, key) = _authority.WritePem(_authority.Issue(name));
        var options = Open().Listen("tls://127.0.0.1:0");
        options.Tls.Certificates.Add(new TlsCertificateFile { Certificate = certificate, Key = key });
        (options.Tls.ClientCertificates, options.Tls.TrustedRoots) = (policy, _authority.RootFile);
        var server = new SipServer(options, Handlers());
        await server.StartAsync();
        return server;
    }

    private static SipServerOptions Open() => new() { Registrar = { Enabled = false }, Authentication = { RequireForCalls = false } };

    private static SipServerHandlers Handlers() => new() { Invite = InviteHandlers.From(_ => InviteDecision.Reject(404)) };
}
