using System.Text;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Identity;

/// <summary>
/// Whatever a host puts into a field: no line of the message is made by it. Read by our parser, and by a plain cut at line ends, which
/// knows nothing of the parser.
/// </summary>
[SingleThreaded]
[Property("rfc", "3261 §7.3.1, 25.1")]
public sealed class InjectionTests
{
    private const int Rounds = 100_000;

    private static readonly string[] Pieces =
    [
        "\r\n", "\r", "\n", "\0", "\t", " ", "\r\nX-Evil: 1", "\r\n\r\n", "\n\n", "\r\n ", "%0d%0a", "%0D%0AX-Evil: 1", "\u2028", "\u2029",
        "\u0085", "\u560a\u560d", "\uFF0A", "\ud800", "\udc00", "\u007f", "\u0001", "\u000b", "\u000c",
        "\u001b", "\\", "\\\r", "\\\0", "\"",
        "<", ">", ";", ":", ",", "@", "?", "&", "=", "%", "ä", "漢", "😀", "sip:", "tel:", "a", "1", "x@y", ";tag=1", ">;tag=2", "\">",
        "Via: SIP/2.0/UDP evil", "Content-Length: 0",
    ];

    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _carrier = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _server = _world.StartServer(new TestHost().Handlers);
        _carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
        _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" }));
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void RandomText_InAnyFieldOfTheHost_MakesNoLineOfItsOwn()
    {
        var random = new Random(17);
        string[] fields =
        [
            "from", "to", "uri", "display", "identity-uri", "identity-name", "diversion", "diversion-reason", "token", "header",
            "header-name",
            "user", "password", "phrase", "redirect", "domain", "product",
        ];
        var expected = fields.ToDictionary(f => f, f => string.Join('\n', LinesOf(Write(f, Benign(f)))));
        var written = new Dictionary<string, int>();
        for (var i = 0; i < Rounds; i++)
        {
            var field = fields[i % fields.Length];
            var text = RandomText(random);
            byte[] message;
            try
            {
                message = Write(field, text);
            }
            catch (ArgumentException)
            {
                // Refused: nothing is on the wire.
                continue;
            }

            written[field] = written.GetValueOrDefault(field) + 1;
            Assert.That(string.Join('\n', LinesOf(message)), Is.EqualTo(expected[field]), () => Explain(field, text, message));
            Assert.That(string.Join('\n', ParsedNames(message)), Is.EqualTo(expected[field]), () => Explain(field, text, message));
        }

        Assert.That(written.Keys, Is.EquivalentTo(fields), "something of each field has been written");
    }

    [Test]
    public void RandomText_InWholeCalls_ReachesNobodyAsALine()
    {
        var random = new Random(23);
        for (var i = 0; i < 500; i++)
        {
            var options = new OutgoingCallOptions { DisplayName = RandomText(random), ToNumber = RandomText(random) + "1" };
            try
            {
                var room = "room" + RandomText(random);
                var started = i % 2 == 0
                    ? _server.CallTrunkAsync(room, "carrier", RandomText(random) + "1", "4" + RandomText(random), options)
                    : _server.CallServerAsync("room" + i, $"sip:{RandomText(random)}@10.0.3.1", "4" + RandomText(random), options);
                var call = _world.Await(started.AsTask());
                _world.Advance(TimeSpan.FromMilliseconds(10));
                _ = call.HangUpAsync();
            }
            catch (ArgumentException)
            {
                continue;
            }
        }

        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_carrier.Received, Is.Not.Empty);
        foreach (var message in _carrier.Received)
            Assert.That(LinesOf(Encoding.UTF8.GetBytes(message.Raw)), Does.Not.Contain("X-Evil"));
    }

    private static string Benign(string field) => field switch
    {
        "uri" or "redirect" or "identity-uri" or "diversion" => "sip:x@y",
        "header-name" => "X-A",
        _ => "x",
    };

    // One message with a text of the host in one of its fields.
    private byte[] Write(string field, string text)
    {
        if (field is "phrase" or "redirect" or "product")
            return WriteResponse(field, text);
        var (uri, to, from) = ("sip:1@10.0.3.1", "sip:1@10.0.3.1", "2");
        var domain = "test.local";
        var options = new OutgoingCallOptions { Credentials = new SipCredentials("u", "p") };
        switch (field)
        {
            case "from":
                from = text;
                break;
            case "to":
                Assert.That(_server.Parts.Trunks.TryGet("carrier", out var trunk), Is.True);
                (uri, to) = (trunk!.UriOf(text), trunk.AddressOf(text));
                break;
            case "uri":
                uri = text;
                break;
            case "domain":
                domain = text;
                break;
            case "display":
                options = options with { DisplayName = text };
                break;
            case "identity-uri":
                options = options with { Identity = new SipAddress(text) };
                break;
            case "identity-name":
                options = options with { Identity = new SipAddress("sip:x@y", text) };
                break;
            case "diversion":
                options = options with { Diversions = [new Diversion(new SipAddress(text, text))] };
                break;
            case "diversion-reason":
                options = options with { Diversions = [new Diversion(new SipAddress("sip:x@y"), text)] };
                break;
            case "token":
                options = options with { IdentityTokens = [text] };
                break;
            case "header":
                options = options with { Participant = new ParticipantOptions { Headers = [new("X-A", text)] } };
                break;
            case "header-name":
                options = options with { Participant = new ParticipantOptions { Headers = [new(text, "x")] } };
                break;
            case "user":
                options = options with { Credentials = new SipCredentials(text, "p") };
                break;
            case "password":
                options = options with { Credentials = new SipCredentials("u", text) };
                break;
        }

        Caller.Check("room", "1", options);
        var stack = _server.Parts.Stack;
        var flow = stack.TryGetFlow(Core.Transport.SipTransportProtocol.Udp, _carrier.EndPoint)!;
        var info = new CallInfo { CallId = "c", SipCallId = "c", Direction = CallDirection.Outgoing, From = from, To = "1" };
        var invite = new OutgoingInvite(stack, new OutboundTarget(flow, uri, to, domain), info, "tag", options, "v=0\r\n"u8.ToArray());
        using var challenge = Parse(
            "SIP/2.0 401 x\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: c\r\n"
            + "CSeq: 1 INVITE\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n");
        Assert.That(invite.TryAuthenticate(challenge), Is.True);
        var bytes = invite.Write(default).Message;
        // A name of the host's own choice is expected where it is a name.
        return field == "header-name" ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(
            $"\r\n{text}: x\r\n", "\r\nX-A: x\r\n", StringComparison.Ordinal)) : bytes;
    }

    private byte[] WriteResponse(string field, string text)
    {
        using var request = Parse(
            "INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: c\r\n"
            + "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
        var stack = _server.Parts.Stack;
        switch (field)
        {
            case "phrase":
                var rejection = (InviteDecision.Rejection)InviteDecision.Reject(486, text);
                return ServerResponses.Create(stack, request, rejection.StatusCode, rejection.ReasonPhrase);
            case "redirect":
                var redirection = (InviteDecision.Redirection)InviteDecision.Redirect(text);
                return ServerResponses.Create(
                    stack, request, 302, headers: [(SipHeaderId.Contact, $"<{redirection.Contacts[0]}>")]);
            default:
                var options = new SipServerOptions { Product = text };
                options.ListenUdp();
                try
                {
                    SipServerOptionsValidator.Validate(options, HookCalls.HookSource.FromInstances(new TestHost().Handlers));
                }
                catch (SipStartException exception)
                {
                    throw new ArgumentException(exception.Message, exception);
                }

                return ServerResponses.Create(stack, request, 486, extra: [new("Server", text)]);
        }
    }

    private static SipMessage Parse(string text)
    {
        Assert.That(
            SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, false, out var message, out var refusal), Is.True,
            refusal.ToString());
        return message!;
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--)
            text.Append(random.Next(4) == 0 ? "x" : Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    // The second reader: bytes, cut at line ends and at nothing else. Any CR or LF that is not a whole line end is an end of line, too, for
    // some reader out there.
    private static List<string> LinesOf(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? text : text[..end];
        List<string> names = [];
        foreach (var line in head.Split(["\r\n", "\r", "\n"], StringSplitOptions.None).Skip(1))
            names.Add(line.Contains('\0', StringComparison.Ordinal) ? "NUL" : line.Split(':')[0]);
        return names;
    }

    private static List<string> ParsedNames(byte[] message)
    {
        if (!SipParser.TryParse(message, SipLimits.Default, false, out var parsed, out var refusal))
            return [$"refused: {refusal}"];
        using (parsed)
        {
            if (refusal != SipRefusal.None)
                return [$"refused: {refusal}"];
            List<string> names = [];
            for (var i = 0; i < parsed.HeaderCount; i++)
                names.Add(Encoding.UTF8.GetString(parsed.GetHeader(i).Name));
            return names;
        }
    }

    private static string Explain(string field, string text, byte[] message) =>
        $"{field} = {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}\n{Encoding.UTF8.GetString(message)}";
}
