using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>
/// Each message of RFC 4475 and RFC 5118 from a fresh socket to a running server, over UDP and TCP: its verdict, one answer for one
/// request, and OPTIONS answered after each.
/// </summary>
[Property("threat", "P1")]
public sealed partial class WireVerdictTests : InteropTest
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    [Test]
    public async Task Over_udp_each_datagram_has_its_verdict_and_one_answer()
    {
        var server = await ServerAsync();
        var outcomes = new List<Outcome>();
        foreach (var (name, expected) in TortureMessages.Rfc4475)
            outcomes.Add(await OverUdpAsync(server, name, TortureMessages.Read4475(name), expected, outcomes.Count));
        foreach (var (name, expected) in TortureMessages.Rfc5118)
            outcomes.Add(await OverUdpAsync(server, name, TortureMessages.Read5118(name), expected, outcomes.Count));
        await JudgeAsync(outcomes, server);
    }

    [Test]
    public async Task Over_tcp_each_stream_has_its_verdict_and_one_answer()
    {
        Prerequisites.RequireIPv6();
        var server = await ServerAsync("--listen", "tcp://[::1]:0");
        var listeners = server.Events.Where(line => line.Kind == "listening").Select(line => new Uri(line["uri"])).ToArray();
        var four = listeners.Single(uri => uri is { Scheme: "tcp", HostNameType: UriHostNameType.IPv4 });
        var six = listeners.Single(uri => uri is { Scheme: "tcp", HostNameType: UriHostNameType.IPv6 });
        var outcomes = new List<Outcome>();
        foreach (var (name, expected) in TortureMessages.Rfc4475OverTcp)
            outcomes.Add(await OverTcpAsync(new IPEndPoint(IPAddress.Loopback, four.Port), name, TortureMessages.Read4475(name), expected));
        foreach (var (name, expected) in TortureMessages.Rfc5118)
            outcomes.Add(
                await OverTcpAsync(new IPEndPoint(IPAddress.IPv6Loopback, six.Port), name, TortureMessages.Read5118(name), expected));
        await JudgeAsync(outcomes, server);
    }

    private static async Task JudgeAsync(List<Outcome> outcomes, RoomServerProcess server)
    {
        foreach (var outcome in outcomes)
            await TestContext.Out.WriteLineAsync(outcome.ToString());
        Assert.That(outcomes, Has.Count.EqualTo(61));
        Assert.That(outcomes.Where(outcome => !outcome.IsRight), Is.Empty);
        Assert.That(server.Events.Select(line => line.Kind), Has.All.AnyOf("listening", "ready"));
    }

    // 127.0.x.y may send to 127.0.0.1, so each message has a host of its own and the port its Via names, 5060 or other.
    private static async Task<Outcome> OverUdpAsync(RoomServerProcess server, string name, byte[] message, string expected, int index)
    {
        var port = ViaPort().Match(Encoding.Latin1.GetString(message)) is { Success: true } match
            ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture)
            : 5060;
        using var wire = new Wire(new IPEndPoint(new IPAddress([127, 0, 76, (byte)(1 + index)]), port), server.Udp);
        wire.Send(message);
        var answers = new HashSet<string>();
        if (expected != "-" && await wire.ReceiveAsync(Soon) is { } first)
            Collect(first, answers);
        using (var control = new Wire(new IPEndPoint(IPAddress.Loopback, 0), server.Udp))
            Assert.That(await control.PingAsync(Soon), Does.StartWith("SIP/2.0 200 "), $"OPTIONS after {name}");
        while (await wire.ReceiveAsync(Quiet) is { } more)
            Collect(more, answers);
        return new Outcome(name, expected, [.. answers.Select(Status)]);
    }

    private static async Task<Outcome> OverTcpAsync(IPEndPoint server, string name, byte[] message, string expected)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server);
        await client.Client.SendAsync(message);
        // It has nothing more to say, and waits for what comes.
        client.Client.Shutdown(SocketShutdown.Send);
        var text = await ReadToEndAsync(client, name);
        await PingAsync(server, name);
        var answers = new HashSet<string>();
        foreach (var answer in Answers().Split(text))
            Collect(answer, answers);
        // Over a connection the second request of that one is no excess bytes.
        return new Outcome(name, expected, [.. answers.Select(Status)], name == "dblreq" ? 2 : 1);
    }

    private static async Task<string> ReadToEndAsync(TcpClient client, string name)
    {
        using var limit = new CancellationTokenSource(Soon);
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        try
        {
            while (await client.Client.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"{name}: the connection was not closed");
        }

        return text.ToString();
    }

    private static async Task PingAsync(IPEndPoint server, string name)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server);
        var local = (IPEndPoint)client.Client.LocalEndPoint!;
        var id = $"ping{local.Port}";
        await client.Client.SendAsync(Encoding.ASCII.GetBytes(
            $"OPTIONS sip:{server} SIP/2.0\r\nVia: SIP/2.0/TCP {local};branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:ping@{local}>;tag={id}\r\nTo: <sip:{server}>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadToEndAsync(client, name), Does.StartWith("SIP/2.0 200 "), $"OPTIONS after {name}");
    }

    // A repeated answer is the same one: status, transaction and To tag.
    private static void Collect(string answer, HashSet<string> answers)
    {
        if (answer.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && Status(answer) >= 200)
            answers.Add(answer[..12] + string.Concat(Identity().Matches(answer).Select(match => match.Value)));
    }

    private static int Status(string answer) => int.Parse(answer.AsSpan(8, 3), CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^v(ia)?\s*:\s*SIP\s*/\s*2\.0\s*/\s*\S+\s+(\[[^\]]+\]|[^\s;:]+):(?<port>\d+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ViaPort();

    [GeneratedRegex(@"^(CSeq|To):.*$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Identity();

    [GeneratedRegex(@"(?=SIP/2\.0 [1-6][0-9][0-9] )")]
    private static partial Regex Answers();
}
