using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Tests.Hosting;

/// <summary>The server in a host, over real sockets.</summary>
public sealed class HostingTests
{
    [Test]
    public async Task Host_StartsAndStopsTheServer()
    {
        var handlers = new TestHost();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSipServer(options => options.Listen("udp://127.0.0.1:0").Listen("tcp://127.0.0.1:0"))
            .AddAuthProvider(handlers).AddInviteHandler(handlers).AddCallObserver(handlers).AddRegistrationObserver(handlers);
        using var host = builder.Build();
        await host.StartAsync();
        var server = host.Services.GetRequiredService<SipServer>();

        Assert.That(host.Services.GetRequiredService<ISipServer>(), Is.SameAs(server));
        Assert.That(server.ListenUris, Has.Count.EqualTo(2));
        Assert.That(await PingAsync(new Uri(server.ListenUris[0]).Port), Does.StartWith("SIP/2.0 200 OK"));
        await host.StopAsync();
        Assert.That(server.ListenUris, Is.Empty);
    }

    [Test]
    public void WithoutInviteHandler_StartFails_AndSaysWhatToCall()
    {
        var server = new SipServer(new SipServerOptions().ListenUdp(0), new SipServerHandlers { Auth = new TestHost() });
        Assert.That(() => server.StartAsync(), Throws.TypeOf<SipStartException>().With.Message.Contains("AddInviteHandler"));
    }

    [Test]
    public void WithoutAuthProvider_StartFails_AndSaysWhatToCall()
    {
        var server = new SipServer(new SipServerOptions().ListenUdp(0), new SipServerHandlers { Invite = new TestHost() });
        Assert.That(() => server.StartAsync(), Throws.TypeOf<SipStartException>().With.Message.Contains("AddAuthProvider"));
    }

    [Test]
    public async Task BusyPort_StartFails_AndNamesIt()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var server = NewServer(options => options.Listen($"udp://127.0.0.1:{port}"));
        Assert.That(() => server.StartAsync(), Throws.TypeOf<SipStartException>().With.Message.Contains($"127.0.0.1:{port}"));
    }

    [Test]
    public async Task AServer_IsStartedOnce()
    {
        await using var server = NewServer(options => options.Listen("udp://127.0.0.1:0"));
        await server.StartAsync();
        Assert.That(() => server.StartAsync(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task BeforeTheStart_NothingCanBeCalled()
    {
        await using var server = NewServer(options => options.Listen("udp://127.0.0.1:0"));
        Assert.That(() => server.CallClientAsync("room", "session", "1"), Throws.InvalidOperationException);
        Assert.That(server.Calls, Is.Empty);
    }

    [Test]
    public async Task Builder_CodecAndOpusProvider_AreTaken()
    {
        var handlers = new TestHost();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSipServer(options =>
            {
                options.Listen("udp://127.0.0.1:0");
                options.Media.Codecs.Add("x-own");
            })
            .AddAuthProvider(handlers).AddInviteHandler(handlers).AddOpusProvider<CountingOpus>().AddAudioCodec<OwnCodec>();
        using var host = builder.Build();
        await host.StartAsync();

        var codecs = host.Services.GetRequiredService<SipServer>().Parts.Media.Codecs;
        Assert.That(codecs.Formats.Select(f => f.Name), Is.EqualTo(new[] { "opus", "G722", "PCMA", "PCMU", "x-own" }));
        Assert.That(codecs[codecs.Formats[^1]], Is.SameAs(host.Services.GetRequiredService<OwnCodec>()));
        Assert.That(host.Services.GetRequiredService<CountingOpus>().WarmUps, Is.EqualTo(1), "warm before it listens");
        await host.StopAsync();
    }

    [Test]
    public async Task Start_OpusNotWarmYet_DoesNotListen()
    {
        var warm = new TaskCompletionSource();
        await using var server = NewServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            options.Media.OpusProviders.Add(new CountingOpus { WhenWarm = warm.Task });
        });

        var start = server.StartAsync();
        Assert.That((start.IsCompleted, server.ListenUris.Count), Is.EqualTo((false, 0)));
        warm.SetResult();
        await start;
        Assert.That(server.ListenUris, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(BadSettings))]
    public void SettingThatCanNotWork_StopsTheStart_AndSaysWhatToWrite(Action<SipServerOptions> spoil, string sentence)
    {
        var server = NewServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            spoil(options);
        });
        Assert.That(() => server.StartAsync(), Throws.TypeOf<SipStartException>().With.Message.Contains(sentence));
    }

    private static IEnumerable<TestCaseData> BadSettings()
    {
        yield return Case("Dscp", o => o.Media.Dscp = 64, "Media.Dscp is 64; write a number from 0 to 63");
        yield return Case("DscpBelow", o => o.Media.Dscp = -1, "Media.Dscp is -1");
        yield return Case(
            "LeastDelay",
            o => o.Media.JitterBufferMinimum = TimeSpan.FromMilliseconds(401),
            "Media.JitterBufferMinimum is 401 ms; write a time from 0 ms to 400 ms");
        yield return Case(
            "LeastDelayBelow", o => o.Media.JitterBufferMinimum = TimeSpan.FromMilliseconds(-1), "Media.JitterBufferMinimum is -1 ms");
        yield return Case(
            "MostDelay",
            o => o.Media.JitterBufferMaximum = TimeSpan.FromSeconds(1),
            "Media.JitterBufferMaximum is 1000 ms; write a time from 40 ms to 400 ms");
        yield return Case(
            "MostDelayBelow", o => o.Media.JitterBufferMaximum = TimeSpan.FromMilliseconds(39), "Media.JitterBufferMaximum is 39 ms");
        yield return Case(
            "LeastAboveMostDelay",
            o => (o.Media.JitterBufferMinimum, o.Media.JitterBufferMaximum) = (
                TimeSpan.FromMilliseconds(201), TimeSpan.FromMilliseconds(200)),
            "write a smaller one, or a greater maximum");
        yield return Case("NoListener", o => o.Listeners.Clear(), "options.ListenUdp(5060)");
        yield return Case("HostWithPort", o => o.Listeners[0].AdvertisedHost = "sip.example.com:5060", "AdvertisedPort");
        yield return Case("HostOfTwoWords", o => o.Listeners[0].AdvertisedHost = "my host", "AdvertisedHost");
        yield return Case("HostInOtherLetters", o => o.Listeners[0].AdvertisedHost = "m\u00fcller.example", "AdvertisedHost");
        yield return Case("EmptyHost", o => o.Listeners[0].AdvertisedHost = "", "AdvertisedHost");
        yield return Case("AdvertisedPort", o => o.Listeners[0].AdvertisedPort = 0, "AdvertisedPort");
        yield return Case("CallsPerSource", o => o.Calls.MaxUnverifiedPerSource = 0, "Calls.MaxUnverifiedPerSource");
        yield return Case("Unconfirmed", o => o.Calls.MaxUnconfirmed = 0, "Calls.MaxUnconfirmed");
        yield return Case("UnconfirmedPerSource", o => o.Calls.MaxUnconfirmedPerSource = 0, "Calls.MaxUnconfirmedPerSource");
        yield return Case("EmptyRealm", o => o.Realm = "", "Realm");
        yield return Case("QuoteInRealm", o => o.Realm = "a\"b", "Realm");
        yield return Case("LongRealm", o => o.Realm = new string('r', 257), "of at most 256 characters");
        yield return Case("DomainInOtherLetters", o => o.Domain = "m\u00fcller.example", "is no host name");
        yield return Case("LongProduct", o => o.Product = new string('p', 257), "at most 256 characters");
        yield return Case("LineEndInProduct", o => o.Product = "x\r\ny", "Product");
        yield return Case("HandlerTimeout", o => o.HandlerTimeout = TimeSpan.Zero, "from 0.1 s to 60 s");
        yield return Case("Shards", o => o.ShardCount = 0, "from 1 to 256");
        yield return Case("FewTransactions", o => o.MaxTransactions = 99, "MaxTransactions");
        yield return Case("ManyTransactions", o => o.MaxTransactions = int.MaxValue, "MaxTransactions");
        yield return Case("FewTransactionBytes", o => o.MaxTransactionBytes = 1023 * 1024, "MaxTransactionBytes");
        yield return Case("ManyTransactionBytes", o => o.MaxTransactionBytes = int.MaxValue, "MaxTransactionBytes");
        yield return Case("Queue", o => o.QueueCapacity = 0, "QueueCapacity");
        yield return Case("MessageSize", o => o.Limits = new SipLimits { MaxMessageSize = 10 }, "Limits.MaxMessageSize");
        yield return Case("Headers", o => o.Limits = new SipLimits { MaxHeaders = 1 }, "Limits.MaxHeaders");
        yield return Case("Timers", o => o.Timers = new SipTimers { T1 = TimeSpan.Zero }, "T1");
        yield return Case("MinExpires", o => o.Registrar.MinExpires = TimeSpan.Zero, "Registrar.MinExpires");
        yield return Case("MaxBelowDefault", o => o.Registrar.MaxExpires = TimeSpan.FromMinutes(1), "Registrar.MaxExpires");
        yield return Case("RingTimeout", o => o.Calls.RingTimeout = TimeSpan.FromHours(1), "Calls.RingTimeout");
        yield return Case("SessionInterval", o => o.Calls.SessionInterval = TimeSpan.FromSeconds(60), "Calls.SessionInterval");
        yield return Case("MinSessionInterval", o => o.Calls.MinSessionInterval = TimeSpan.FromSeconds(60), "Calls.MinSessionInterval");
        yield return Case("NoAlgorithm", o => o.Authentication.Algorithms.Clear(), "Authentication.Algorithms");
        yield return Case("EmptyPrefix", o => o.Authentication.OpenNumberPrefixes.Add(""), "every number");
        yield return Case("Ports", o => o.Media.LastPort = 100, "Media.LastPort");
        yield return Case("UnknownCodec", o => o.Media.Codecs.Add("G729"), "G729");
        yield return Case("CodecTwice", o => o.Media.Codecs.Add("pcma"), "names PCMA twice");
        yield return Case(
            "CodecAddedTwice", o => o.Media.AddCodec(new FakeCodec("x-test")).AddCodec(new FakeCodec("X-Test")), "added twice");
        yield return Case(
            "CodecOfOtherRate", o => o.Media.AddCodec(new FakeCodec("x-test") { SampleRate = 44_100 }), "8000, 16000 or 48000");
        yield return Case("NoCodec", o => o.Media.Codecs.Clear(), "Media.Codecs");
        yield return Case("Bitrate", o => o.Media.OpusBitrate = 1, "Media.OpusBitrate");
    }

    private static TestCaseData Case(string name, Action<SipServerOptions> spoil, string sentence) =>
        new TestCaseData(spoil, sentence).SetName($"BadSetting_{name}");

    private static SipServer NewServer(Action<SipServerOptions> configure)
    {
        var options = new SipServerOptions();
        configure(options);
        return new SipServer(options, new TestHost().Handlers);
    }

    private static async Task<string> PingAsync(int port)
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(IPAddress.Loopback, port);
        var me = client.Client.LocalEndPoint;
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {me};branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: "
                + $"<sip:a@b>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\n"
            + "Call-ID: ping\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        var answer = await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(5));
        return System.Text.Encoding.ASCII.GetString(answer.Buffer);
    }

    private sealed class OwnCodec : IAudioCodec
    {
        private readonly FakeCodec _inner = new("x-own");

        public string Name => _inner.Name;

        public int ClockRate => _inner.ClockRate;

        public int Channels => _inner.Channels;

        public int StaticPayloadType => _inner.StaticPayloadType;

        public int SampleRate => _inner.SampleRate;

        public string? FormatParameters => _inner.FormatParameters;

        public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => _inner.CreateEncoder(settings);

        public IAudioDecoder CreateDecoder() => _inner.CreateDecoder();
    }

    private sealed class CountingOpus : IOpusCodecProvider
    {
        private readonly ConcentusOpusCodecProvider _inner = new();

        public int WarmUps { get; private set; }

        public Task WhenWarm { get; init; } = Task.CompletedTask;

        public string Name => "counting";

        public string? Version => _inner.Version;

        public bool IsAvailable => true;

        public string Status => _inner.Status;

        public Task WarmUpAsync(CancellationToken cancellationToken)
        {
            WarmUps++;
            return WhenWarm;
        }

        public IAudioEncoder CreateEncoder(OpusEncoderOptions options) => _inner.CreateEncoder(options);

        public IAudioDecoder CreateDecoder() => _inner.CreateDecoder();
    }
}
