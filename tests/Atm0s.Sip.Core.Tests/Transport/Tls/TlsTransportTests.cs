using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Tests.Transport.Tls;

/// <summary>Messages over TLS, both ways, as server and as client. Real sockets.</summary>
[TestFixture]
public sealed class TlsTransportTests
{
    private TlsWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new TlsWorld();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task Client_IsHeardAndAnswered(SslProtocols protocol)
    {
        var transport = await _world.ListenAsync();
        var client = await _world.ConnectAsync(transport.LocalEndPoint, configure: o => o.EnabledSslProtocols = protocol);
        await client.WriteAsync(Net.Message("one"));
        var received = await _world.Sink.NextAsync();
        Assert.That((received.CallId, received.Flow.Protocol, received.Flow.IsSecure, received.Flow.IsReliable),
            Is.EqualTo(("one", SipTransportProtocol.Tls, true, true)));
        Assert.That(received.Flow.PeerIdentity, Is.Null);
        Assert.That(received.Flow.TrySend("answer"u8), Is.True);
        Assert.That(await TlsWorld.ReadAsync(client), Is.EqualTo("answer"));
        Assert.That(received.Flow.ToString(), Does.StartWith("tls://"));
    }

    [Test]
    public async Task Ping_IsAnswered_AndTheEndIsSaid()
    {
        var transport = await _world.ListenAsync();
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync("\r\n\r\n"u8.ToArray());
        Assert.That(await TlsWorld.ReadAsync(client), Is.EqualTo("\r\n"));
        await transport.DisposeAsync();
        Assert.That(await Net.Within(client.ReadAsync(new byte[10].AsMemory())), Is.Zero, "close_notify, no reset");
    }

    [Test]
    public async Task LargeMessages_ComeWhole_BothWays()
    {
        var transport = await _world.ListenAsync();
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        var message = Encoding.ASCII.GetString(Net.Message("large", null)) .Replace(
            "\r\n\r\n", $"\r\nContent-Length: 50000\r\n\r\n{new string('x', 50_000)}", StringComparison.Ordinal);
        await client.WriteAsync(Encoding.ASCII.GetBytes(message));
        var flow = (await _world.Sink.NextAsync()).Flow;
        var expected = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            var text = new string((char)('a' + i), 40_000);
            if (flow.TrySend(Encoding.ASCII.GetBytes(text)))
                expected.Append(text);
        }

        var got = new StringBuilder();
        while (got.Length < expected.Length)
            got.Append(await TlsWorld.ReadAsync(client));
        Assert.That(got.ToString(), Is.EqualTo(expected.ToString()));
    }

    [Test]
    public async Task PeerThatDoesNotRead_IsRefusedWholeMessages_AndTheStreamStaysWhole()
    {
        var transport = await _world.ListenAsync();
        var client = await _world.ConnectAsync(transport.LocalEndPoint);
        await client.WriteAsync(Net.Message("one"));
        var flow = (await _world.Sink.NextAsync()).Flow;
        var sent = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (flow.TrySend(Encoding.ASCII.GetBytes($"{sent:D8}".PadRight(1000))))
                sent++;
            else
                break;
        }

        Assert.That(flow.IsClosed, Is.False, "a message beyond is not sent, and that is all");
        Assert.That(transport.Budget.Used, Is.InRange(100_000, 256 * 1024));
        var got = new StringBuilder();
        while (got.Length < sent * 1000)
            got.Append(await TlsWorld.ReadAsync(client));
        for (var i = 0; i < sent; i++)
            Assert.That(got.ToString(i * 1000, 8), Is.EqualTo($"{i:D8}"));
        await Net.UntilAsync(() => transport.Budget.Used == 0);
    }

    [TestCase("localhost", "localhost,127.0.0.1", true)]
    [TestCase("127.0.0.1", "localhost,127.0.0.1", true)]
    [TestCase("carrier.example", "cn.example,sip:carrier.example", true)]
    [TestCase("cn.example", "cn.example,sip:carrier.example", false)]
    [TestCase("sip.carrier.example", "*.carrier.example", false, Description = "RFC 5922 §7.2")]
    [TestCase("other.example", "localhost", false)]
    public async Task OurConnection_IsSecured_WhenTheNameIsRight(string name, string names, bool isRight)
    {
        var server = await _world.ListenAsync(names);
        var clientSink = new RecordingSink();
        var client = await _world.ListenAsync(sink: clientSink);
        var flow = client.TryGetFlow(server.LocalEndPoint, new TlsPeer(name))!;
        Assert.That((flow.TrySend(Net.Message("early")), flow.IsOpening), Is.EqualTo((true, true)), "it waits for the handshake");
        if (!isRight)
        {
            Assert.That(await clientSink.NextClosedAsync(), Is.SameAs(flow));
            Assert.That(_world.Sink.MessagesWaiting, Is.Zero, "nothing was said to the wrong one");
            return;
        }

        var received = await _world.Sink.NextAsync();
        Assert.That(received.CallId, Is.EqualTo("early"));
        received.Flow.TrySend(SipResponseWriter.Create(Answerable("early"), 200, null, "t"));
        Assert.That((await clientSink.NextAsync()).CallId, Is.EqualTo("early"));
        Assert.That(flow.PeerIdentity!.Names, Does.Contain(name).Or.Contain("localhost"));
    }

    [Test]
    public async Task OurConnection_IsForWhomItWasOpened()
    {
        var server = await _world.ListenAsync("a.example,b.example,127.0.0.1");
        var client = await _world.ListenAsync(sink: new RecordingSink());
        var a = client.TryGetFlow(server.LocalEndPoint, new TlsPeer("a.example"));
        Assert.That(client.TryGetFlow(server.LocalEndPoint, new TlsPeer("a.example")), Is.SameAs(a));
        Assert.That(client.TryGetFlow(server.LocalEndPoint, new TlsPeer("b.example")), Is.Not.SameAs(a));
        Assert.That(client.TryGetFlow(server.LocalEndPoint), Is.Not.SameAs(a), "by its address it was not asked for");
        Assert.That(a!.TrySend(Net.Message("one")), Is.True);
        Assert.That((await _world.Sink.NextAsync()).CallId, Is.EqualTo("one"));
    }

    [Test]
    public async Task OurConnection_ToWhoIsNotTrusted_IsNotSecured()
    {
        await using var strangers = new TlsWorld();
        var server = await strangers.ListenAsync("localhost");
        var clientSink = new RecordingSink();
        var client = await _world.ListenAsync(sink: clientSink);
        var flow = client.TryGetFlow(server.LocalEndPoint, new TlsPeer("localhost"))!;
        flow.TrySend(Net.Message("one"));
        Assert.That(await clientSink.NextClosedAsync(), Is.SameAs(flow));
        Assert.That(strangers.Sink.MessagesWaiting, Is.Zero);
        Assert.That(_world.Log.CountOf(1015), Is.EqualTo(1), "and the log says so");
        // With its authority named for this peer alone it is.
        var trusted = client.TryGetFlow(
            server.LocalEndPoint, new TlsPeer("localhost", new TlsClientOptions { TrustedRoots = strangers.Authority.RootFile }))!;
        trusted.TrySend(Net.Message("two"));
        Assert.That((await strangers.Sink.NextAsync()).CallId, Is.EqualTo("two"));
    }

    [Test]
    public async Task HostThatJudgesItself_HasTheLastWord()
    {
        await using var strangers = new TlsWorld();
        var server = await strangers.ListenAsync("localhost");
        TlsPeerCheck? asked = null;
        var client = await _world.ListenAsync(sink: new RecordingSink(), configure: o => o.PeerValidation = check =>
        {
            asked = check;
            return true;
        });
        client.TryGetFlow(server.LocalEndPoint, new TlsPeer("other.example"))!.TrySend(Net.Message("one"));
        Assert.That((await strangers.Sink.NextAsync()).CallId, Is.EqualTo("one"));
        Assert.That(asked!.Errors, Is.EqualTo(
            SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.That(asked.ExpectedName, Is.EqualTo("other.example"));
    }

    [Test]
    public async Task NobodyThere_IsToldClosed()
    {
        var sink = new RecordingSink();
        var client = await _world.ListenAsync(sink: sink);
        var flow = client.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 9), new TlsPeer("localhost"))!;
        Assert.That(await sink.NextClosedAsync(), Is.SameAs(flow));
    }

    private static SipMessage Answerable(string callId)
    {
        Core.Parsing.SipParser.TryParse(
            Net.Message(callId), Core.Parsing.SipLimits.Default, isStream: true, out var message, out _);
        return message!;
    }
}
