using System.Net.Security;
using System.Text;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>Certificates of who connects: ignored, wanted, required (RFC 5922 §7.4), and what they allow (RFC 5923).</summary>
[TestFixture]
public sealed class ClientCertificateTests
{
    private TlsWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new TlsWorld();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase(TlsClientCertificates.Ignored, "trusted", true, false)]
    [TestCase(TlsClientCertificates.Wanted, "trusted", true, true)]
    [TestCase(TlsClientCertificates.Wanted, "none", true, false)]
    [TestCase(TlsClientCertificates.Wanted, "stranger", true, false)]
    [TestCase(TlsClientCertificates.Required, "trusted", true, true)]
    [TestCase(TlsClientCertificates.Required, "none", false, false)]
    [TestCase(TlsClientCertificates.Required, "stranger", false, false)]
    public async Task Client_IsLetIn_AndKnown(TlsClientCertificates policy, string shows, bool isLetIn, bool isKnown)
    {
        await using var strangers = new TlsWorld();
        var transport = await _world.ListenAsync(configure: o => o.ClientCertificates = policy);
        var certificate = shows == "none" ? null
            : (shows == "trusted" ? _world : strangers).Authority.Issue("pbx.example", "sip:carrier.example");
        try
        {
            var client = await _world.ConnectAsync(transport.LocalEndPoint, certificate);
            await client.WriteAsync(Net.Message("one"));
            if (!isLetIn)
                Assert.That(await TlsWorld.ReadAsync(client), Is.Empty);
        }
        catch (Exception exception) when (!isLetIn && exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // TLS 1.2 says so in the handshake, TLS 1.3 afterwards.
        }

        if (!isLetIn)
        {
            await Net.UntilAsync(() => transport.ConnectionCount == 0);
            Assert.That(_world.Sink.MessagesWaiting, Is.Zero);
            return;
        }

        var identity = (await _world.Sink.NextAsync()).Flow.PeerIdentity;
        Assert.That(identity?.Names, isKnown ? Is.EqualTo(new[] { "carrier.example" }) : Is.Null);
        if (isKnown)
            Assert.That((identity!.Subject, identity.Thumbprint.Length), Is.EqualTo(("CN=pbx.example", 64)));
    }

    [Test]
    public async Task Trunk_ShowsItsOwnCertificate()
    {
        var server = await _world.ListenAsync(configure: o => o.ClientCertificates = TlsClientCertificates.Required);
        var client = await _world.ListenAsync("localhost", sink: new RecordingSink());
        var own = new TlsClientOptions { Certificate = _world.Files("trunk.example") };
        client.TryGetFlow(server.LocalEndPoint, new TlsPeer("localhost", own))!.TrySend(Net.Message("own"));
        Assert.That((await _world.Sink.NextAsync()).Flow.PeerIdentity!.Names, Is.EqualTo(new[] { "trunk.example" }));
        client.TryGetFlow(server.LocalEndPoint, new TlsPeer("localhost"))!.TrySend(Net.Message("first"));
        Assert.That((await _world.Sink.NextAsync()).Flow.PeerIdentity!.Names, Is.EqualTo(new[] { "localhost" }));
    }

    [TestCase(true, "carrier.example", true)]
    [TestCase(true, "other.example", false, Description = "it has shown another name")]
    [TestCase(false, "carrier.example", false, Description = "RFC 5923 §8.1: an alias of who has not shown who he is is nothing")]
    public async Task Alias_IsUsed_WhenItsNameWasShown(bool isAuthenticated, string name, bool isUsed)
    {
        var transport = await _world.ListenAsync(configure: o => o.ClientCertificates = TlsClientCertificates.Wanted);
        var client = await _world.ConnectAsync(
            transport.LocalEndPoint, isAuthenticated ? _world.Authority.Issue("carrier.example") : null);
        var message = Encoding.ASCII.GetString(Net.Message("one"))
            .Replace("UDP 127.0.0.1;", "TLS 127.0.0.1:15061;alias;", StringComparison.Ordinal);
        await client.WriteAsync(Encoding.ASCII.GetBytes(message));
        var flow = (await _world.Sink.NextAsync()).Flow;
        var place = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 15_061);
        Assert.That(ReferenceEquals(transport.TryGetFlow(place, new TlsPeer(name)), flow), Is.EqualTo(isUsed));
        await client.DisposeAsync();
        await _world.Sink.NextClosedAsync();
        Assert.That(transport.TryGetFlow(place, new TlsPeer(name)), Is.Not.SameAs(flow), "gone");
    }

    [Test]
    public async Task Alias_IsNotUsed_ByWhomItsRootsWereNotAsked()
    {
        var transport = await _world.ListenAsync(configure: o => o.ClientCertificates = TlsClientCertificates.Wanted);
        var client = await _world.ConnectAsync(transport.LocalEndPoint, _world.Authority.Issue("carrier.example"));
        var flow = await SayAsync(client, 15_061);
        var place = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 15_061);
        var pinned = new TlsClientOptions { TrustedRoots = _world.Authority.RootFile };
        Assert.That(transport.TryGetFlow(place, new TlsPeer("carrier.example", pinned)), Is.Not.SameAs(flow));
        Assert.That(transport.TryGetFlow(flow.RemoteEndPoint, new TlsPeer("carrier.example", pinned)), Is.Not.SameAs(flow));
        Assert.That(transport.TryGetFlow(place, new TlsPeer("carrier.example", new TlsClientOptions())), Is.SameAs(flow));
    }

    [Test]
    public async Task AnswerWhoseConnectionIsGone_GoesToThePortAndTheNameOfTls()
    {
        var transport = await _world.ListenAsync(configure: o => o.ClientCertificates = TlsClientCertificates.Wanted);
        var named = await SayAsync(await _world.ConnectAsync(transport.LocalEndPoint, _world.Authority.Issue("proxy.example")), 15_000);
        var unnamed = await SayAsync(await _world.ConnectAsync(transport.LocalEndPoint), 15_000);
        Assert.That((named.KnownPeer?.Name, unnamed.KnownPeer), Is.EqualTo(("proxy.example", (TlsPeer?)null)));
        Assert.That(ResponseTarget.Reopened(named, 0).Port, Is.EqualTo(5061), "RFC 3261 §18.2.2: the default port for that transport");
    }

    [Test]
    public async Task Aliases_AreFewForEach_AndTakenFromNobody()
    {
        var transport = await _world.ListenAsync(configure: o => o.ClientCertificates = TlsClientCertificates.Wanted);
        var (first, second) = (await NamedAsync("one.example"), await NamedAsync("two.example"));
        var ones = await SayAsync(first, 15_000);
        for (var port = 15_001; port < 15_020; port++)
            Assert.That(await SayAsync(first, port), Is.SameAs(ones));
        Assert.That(Enumerable.Range(15_000, 20).Count(port => Found(port, "one.example") == ones), Is.EqualTo(4));
        var twos = await SayAsync(second, 15_000);
        Assert.That(Found(15_000, "one.example"), Is.SameAs(ones), "both may be behind one NAT");
        Assert.That(Found(15_000, null), Is.Not.SameAs(ones).And.Not.SameAs(twos), "whoever has no name is not known to be there");
        await first.DisposeAsync();
        await Net.UntilAsync(() => ones.IsClosed);
        Assert.That(await SayAsync(second, 15_000), Is.SameAs(twos));
        Assert.That(Found(15_000, "two.example"), Is.SameAs(twos));

        Task<SslStream> NamedAsync(string name) => _world.ConnectAsync(transport.LocalEndPoint, _world.Authority.Issue(name));
        SipFlow? Found(int port, string? name) => transport.TryGetFlow(
            new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), name is null ? null : new TlsPeer(name));
    }

    private async Task<SipFlow> SayAsync(SslStream client, int port)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Net.Message("one"))
            .Replace("UDP 127.0.0.1;", $"TLS 127.0.0.1:{port};alias;", StringComparison.Ordinal)));
        return (await _world.Sink.NextAsync()).Flow;
    }

    [Test]
    public async Task ConnectionOfAPhone_IsUsedForIt()
    {
        var transport = await _world.ListenAsync();
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync(Net.Message("one"));
        var flow = (await _world.Sink.NextAsync()).Flow;
        Assert.That(transport.TryGetFlow(flow.RemoteEndPoint), Is.SameAs(flow));
        Assert.That(flow.TryReopen(), Is.Null);
    }
}
