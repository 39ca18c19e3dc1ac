using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Doctor.Facts;
using Atm0s.Sip.Doctor.Loopback;
using Atm0s.Sip.Doctor.Pings;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>The real machine, real sockets, a real call.</summary>
[NonParallelizable]
public sealed class RealTests
{
    private readonly SystemFacts _facts = new(TimeProvider.System);

    [Test]
    [Platform("Linux")]
    public void Linux_TellsEverything()
    {
        Assert.That(_facts.Addresses, Does.Contain(IPAddress.Loopback));
        Assert.That(_facts.EphemeralPorts!.Value.First, Is.InRange(1, 65_535));
        Assert.That(_facts.MaxDescriptors, Is.GreaterThan(10));
        Assert.That(_facts.MaxReceiveBuffer, Is.GreaterThan(1_000));
        Assert.That(_facts.Processors, Is.GreaterThan(0).And.LessThanOrEqualTo(Environment.ProcessorCount));
        Assert.That(_facts.FirstUnprivilegedPort, Is.InRange(0, 65_535));
        var (median, worst) = _facts.MeasureTimer();
        Assert.That(worst, Is.GreaterThanOrEqualTo(median));
    }

    [Test]
    public void Files_AreRead()
    {
        var root = Directory.CreateTempSubdirectory("sip-doctor-").FullName;
        try
        {
            Put("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max processes             500                  500                  processes\n"
                + "Max open files            unlimited            524288               files\n");
            Put("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
            Put("proc/sys/net/core/rmem_max", "212992\n");
            Put("sys/fs/cgroup/pids.max", "100\n");
            Put("sys/fs/cgroup/cpu.max", "50000 100000\n");
            Put(".dockerenv", "");
            var facts = new SystemFacts(TimeProvider.System, root);

            Assert.That(facts.MaxDescriptors, Is.EqualTo(long.MaxValue));
            Assert.That(facts.MaxThreads, Is.EqualTo(100));
            Assert.That(facts.EphemeralPorts, Is.EqualTo((32_768, 60_999)));
            Assert.That(facts.MaxReceiveBuffer, Is.EqualTo(212_992));
            Assert.That(facts.Processors, Is.EqualTo(0.5));
            Assert.That(facts.IsContainer, Is.True);
            Put("sys/fs/cgroup/cpu.max", "max 100000\n");
            Assert.That(facts.Processors, Is.EqualTo(Environment.ProcessorCount));
            Put("sys/fs/cgroup/pids.max", "max\n");
            Assert.That(facts.MaxThreads, Is.EqualTo(500));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        void Put(string file, string text)
        {
            var path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    [TestCase(SipTransportProtocol.Udp)]
    [TestCase(SipTransportProtocol.Tcp)]
    public void Port_IsFree_OrInUse(SipTransportProtocol protocol)
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var taken = (IPEndPoint)(protocol == SipTransportProtocol.Udp ? udp.Client.LocalEndPoint! : tcp.LocalEndpoint);

        Assert.That(_facts.Probe(protocol, new IPEndPoint(IPAddress.Loopback, 0)), Is.EqualTo(PortState.Free));
        Assert.That(_facts.Probe(protocol, taken), Is.EqualTo(PortState.InUse));
        // RFC 5737: of documentation, and of no machine.
        Assert.That(_facts.Probe(protocol, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)), Is.EqualTo(PortState.NotOurs));
    }

    [Test]
    public async Task Names_AreResolved()
    {
        Assert.That(await _facts.ResolveAsync("127.0.0.1", default), Is.EqualTo(new[] { IPAddress.Loopback }));
        Assert.That(await _facts.ResolveAsync("[::1]", default), Is.EqualTo(new[] { IPAddress.IPv6Loopback }));
        Assert.That(await _facts.ResolveAsync("localhost", default), Has.Some.Matches<IPAddress>(IPAddress.IsLoopback));
    }

    [TestCase(SipTransportProtocol.Udp)]
    [TestCase(SipTransportProtocol.Tcp)]
    public async Task Ping_OfAServer_IsAnswered(SipTransportProtocol protocol)
    {
        await using var server = new SipServer(
            new SipServerOptions { Registrar = { Enabled = false }, Authentication = { RequireForCalls = false } }
                .Listen(protocol, new IPEndPoint(IPAddress.Loopback, 0)),
            new SipServerHandlers { Invite = InviteHandlers.From(_ => InviteDecision.Reject(404)) });
        await server.StartAsync();
        var end = new IPEndPoint(IPAddress.Loopback, new Uri(server.ListenUris[0]).Port);

        var answer = await new OptionsPing().PingAsync(new PingTarget("sip:127.0.0.1", protocol, end), TimeSpan.FromSeconds(20), default);
        Assert.That((answer.Status, answer.Problem), Is.EqualTo((200, (string?)null)));
        Assert.That(answer.Took, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Ping_WhereNobodyIs_SaysSo()
    {
        var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var end = (IPEndPoint)closed.Client.LocalEndPoint!;
        closed.Dispose();
        foreach (var protocol in new[] { SipTransportProtocol.Udp, SipTransportProtocol.Tcp })
        {
            var answer = await new OptionsPing().PingAsync(new PingTarget("sip:x", protocol, end), TimeSpan.FromSeconds(20), default);
            Assert.That(answer.Status, Is.Zero);
            Assert.That(answer.Problem, Does.Contain("refused").IgnoreCase);
        }
    }

    [Test]
    public async Task Ping_WithoutAnAnswer_EndsInTime()
    {
        using var deaf = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var target = new PingTarget("sip:x", SipTransportProtocol.Udp, (IPEndPoint)deaf.Client.LocalEndPoint!);
        var answer = await new OptionsPing().PingAsync(target, TimeSpan.FromMilliseconds(200), default);
        Assert.That(answer, Is.EqualTo(new PingResult(0, TimeSpan.FromMilliseconds(200), "no answer within 0.2 s")));
    }

    [TestCase("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=b1\r\n\r\n", 200)]
    [TestCase("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=other\r\n\r\n", null)]
    [TestCase("OPTIONS sip:b1 SIP/2.0\r\n\r\n", null)]
    [TestCase("SIP/2.0 b1", null)]
    [TestCase("", null)]
    public void Answer_IsTold(string text, int? status) =>
        Assert.That(OptionsPing.StatusOf(Encoding.UTF8.GetBytes(text), "b1"), Is.EqualTo(status));

    [TestCase(1000)]
    [TestCase(440.5)]
    public void Frequency_IsMeasured(double frequency)
    {
        var tone = Enumerable.Range(0, 8000).Select(i => (short)(5_000 * Math.Sin(Math.Tau * frequency * i / 8000))).ToArray();
        Assert.That(ToneListener.FrequencyOf(tone, 8000), Is.EqualTo(frequency).Within(0.5));
        Assert.That(ToneListener.FrequencyOf(new short[8000], 8000), Is.Zero);
    }

    [Test]
    public async Task Call_CarriesTheTone()
    {
        var options = new SipServerOptions();
        (options.Media.FirstPort, options.Media.LastPort) = (30_000, 30_999);
        options.Media.Codecs.Clear();
        options.Media.Codecs.Add("PCMA");
        var heard = await ToneCall.RunAsync(options, TimeSpan.FromMinutes(2), default);

        Assert.That(heard.Problem, Is.Null);
        Assert.That((heard.Codec, heard.SaidFrequency), Is.EqualTo(("PCMA", 1000.0)));
        // A busy machine loses frames: what is heard of it is near, not exact.
        Assert.That(heard.Frequency, Is.EqualTo(1000).Within(60));
        Assert.That(heard.Level, Is.EqualTo(-15).Within(4));
        Assert.That(heard.Delay, Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Call_UsesCodecsOfTheHost()
    {
        var options = new SipServerOptions();
        (options.Media.FirstPort, options.Media.LastPort) = (31_000, 31_999);
        options.Media.AddCodec(new OwnCodec());
        options.Media.Codecs.Clear();
        options.Media.Codecs.Add("x-own");
        var heard = await ToneCall.RunAsync(options, TimeSpan.FromMinutes(2), default);
        Assert.That((heard.Problem, heard.Codec), Is.EqualTo(((string?)null, "x-own")));
    }

    [Test]
    public async Task Call_WithoutPorts_SaysWhy()
    {
        var options = new SipServerOptions();
        (options.Media.FirstPort, options.Media.LastPort) = (30_001, 30_001);
        Assert.That((await ToneCall.RunAsync(options, default)).Problem, Is.Not.Null);
    }
}
