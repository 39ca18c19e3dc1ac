using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Secure;

/// <summary>What a registered phone's connection costs a server: by hand, on a machine that does nothing else.</summary>
[Explicit("A measurement, which needs a quiet machine: dotnet test tests/Atm0s.Sip.Interop -c Release --filter Name~Memory_of_registrations")]
public sealed partial class TlsMemoryTests : TlsTest
{
    private const int Phones = 1000;
    private const int OfOneSource = 100; // fewer than the limit of one address

    private readonly List<Stream> _connections = [];

    [TearDown]
    public async Task CloseAllAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    [Test]
    public async Task Memory_of_registrations([Values] bool isSecure)
    {
        var server = await TlsServerAsync();
        for (var i = 0; i < 50; i++) // what the first ones make is for all
            await RegisterAsync(server, $"first{i}", 200, isSecure);
        var before = await SettledAsync(server);
        for (var i = 0; i < Phones; i++)
            await RegisterAsync(server, $"phone{i}", 2 + (i / OfOneSource), isSecure);
        var each = (await SettledAsync(server) - before) / 1024.0 / Phones;
        await TestContext.Out.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Phones} registrations over {(isSecure ? "TLS" : "TCP")}: {each:0.0} KiB each"));
        Assert.That(each, Is.LessThan(200));
    }

    // Working set, once it has stopped to change; garbage counts.
    private static async Task<long> SettledAsync(RoomServerProcess server)
    {
        await Task.Delay(TimeSpan.FromSeconds(10));
        return server.Process.WorkingSet();
    }

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Hex(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("realm=\"([^\"]+)\".*?nonce=\"([^\"]+)\"[^\r]*algorithm=MD5")]
    private static partial Regex Challenge();

    private async Task RegisterAsync(RoomServerProcess server, string user, int source, bool isSecure)
    {
        var to = isSecure ? server.Tls : server.Tcp;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)source]), 0));
        await socket.ConnectAsync(to);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (isSecure)
        {
            var secure = new SslStream(stream, false, static (_, _, _, _) => true);
            await secure.AuthenticateAsClientAsync("localhost");
            stream = secure;
        }

        _connections.Add(stream);
        var challenge = await AskAsync(stream, Request(user, to, socket, 1, isSecure, ""));
        var match = Challenge().Match(challenge);
        Assert.That(match.Success, challenge);
        var (realm, nonce) = (match.Groups[1].Value, match.Groups[2].Value);
        var (a1, a2) = (Hex($"{user}:{realm}:pw-{user}"), Hex($"REGISTER:sip:{to}"));
        var answer = Hex($"{a1}:{nonce}:00000001:0a0b0c0d:auth:{a2}");
        var credentials = $"Authorization: Digest username=\"{user}\",realm=\"{realm}\",nonce=\"{nonce}\",uri=\"sip:{to}\",qop=auth,"
            + $"nc=00000001,cnonce=\"0a0b0c0d\",response=\"{answer}\",algorithm=MD5\r\n";
        Assert.That(await AskAsync(stream, Request(user, to, socket, 2, isSecure, credentials)), Does.StartWith("SIP/2.0 200 "));
    }

    private static string Request(string user, IPEndPoint to, Socket socket, int cseq, bool isSecure, string more) =>
        $"REGISTER sip:{to} SIP/2.0\r\nVia: SIP/2.0/{(isSecure ? "TLS" : "TCP")} {socket.LocalEndPoint};branch=z9hG4bK{user}{cseq};rport\r\n"
        + $"Max-Forwards: 70\r\nFrom: <sip:{user}@{to}>;tag=t{user}\r\nTo: <sip:{user}@{to}>\r\nCall-ID: {user}\r\nCSeq: {cseq} REGISTER\r\n"
        + $"Contact: <sip:{user}@{socket.LocalEndPoint};transport={(isSecure ? "tls" : "tcp")}>\r\nExpires: 3600\r\n{more}"
        + "Content-Length: 0\r\n\r\n";

    private static async Task<string> AskAsync(Stream stream, string request)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var (buffer, text) = (new byte[8192], "");
        while (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            Assert.That(read, Is.Positive, text);
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return text;
    }
}
