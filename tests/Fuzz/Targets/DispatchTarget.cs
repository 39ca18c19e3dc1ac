using System.Net;
using System.Text;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>
/// Datagrams to a whole server: registrar, calls, digest, rooms. An input is up to eight datagrams with a line of "----" between them; the
/// server is new for each, so that an input does the same again. An error that the server catches and writes to its log is a finding.
/// </summary>
internal sealed class DispatchTarget : FuzzTarget
{
    private const int MaxDatagrams = 8;
    private static readonly IPEndPoint Phone = new(IPAddress.Parse("10.0.2.1"), 5060);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private static readonly byte[] Separator = "----\r\n"u8.ToArray();

    public override string Name => "dispatch";

    public override IEnumerable<byte[]> Seeds()
    {
        const string Sdp =
            "v=0\r\no=- 1 1 IN IP4 10.0.2.1\r\ns=-\r\nc=IN IP4 10.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 "
            + "telephone-event/8000\r\n";
        var call = Request("INVITE", "open-hall", "", Sdp);
        yield return Join(call, Request("ACK", "open-hall", ";tag=1"), Request("BYE", "open-hall", ";tag=1", cseq: 2));
        yield return Join(call, call, Request("CANCEL", "open-hall", ""));
        yield return Join(
            call, Request("ACK", "open-hall", ";tag=1"), Request("INVITE", "open-hall", ";tag=1", Sdp, 2),
            Request("REFER", "open-hall", ";tag=1", cseq: 3, extra: "Refer-To: <sip:bob@test.local>\r\n"));
        yield return Join(Request("INVITE", "bob", "", Sdp));
        yield return Join(Request("REGISTER", "alice", "", extra: "Contact: <sip:alice@10.0.2.1>;expires=60\r\nExpires: 60\r\n"));
        yield return Join(
            Request("REGISTER", "alice", "", extra: "Contact: *\r\nExpires: 0\r\nAuthorization: Digest username=\"alice\"\r\n"));
        yield return Join(Request("OPTIONS", "alice", ""), Request("SUBSCRIBE", "alice", "", extra: "Event: message-summary\r\n"));
        yield return Join(Request("MESSAGE", "open-hall", "", "hello", extra: "Content-Type: text/plain\r\n"));
        yield return Join(Request("INFO", "open-hall", ";tag=1", "Signal=5\r\n"), Request("UPDATE", "open-hall", ";tag=1", Sdp));
        foreach (var file in SeedFiles.Read("rfc4475"))
            yield return file;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var log = new ErrorLog();
        var world = new VirtualWorld { LoggerFactory = log };
        try
        {
            var host = new TestHost { Decide = static (invite, _) => ValueTask.FromResult(Decide(invite)) };
            world.StartServer(host.Handlers, options =>
            {
                options.ShardCount = 1;
                options.Authentication.OpenNumberPrefixes.Add("open-");
            });
            var transport = world.Network.CreateTransport(new SipListenerOptions { EndPoint = Phone });
            world.Complete(transport.StartAsync(new SilentSink(), CancellationToken.None).AsTask());
            for (var i = 0; i < MaxDatagrams && !input.IsEmpty; i++)
            {
                var end = input.IndexOf(Separator);
                transport.TryGetFlow(VirtualWorld.ServerEndPoint)!.TrySend(end < 0 ? input : input[..end]);
                input = end < 0 ? default : input[(end + Separator.Length)..];
                world.Advance(Pause);
            }

            Must(log.First is null, log.First ?? "");
            foreach (var packet in world.Network.Sent)
                Must(packet.Bytes.Length < 65_536, "A datagram that cannot be sent.");
        }
        finally
        {
            world.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        Must(log.First is null, log.First ?? "");
    }

    private static InviteDecision Decide(InviteRequest invite) => (invite.To.Length % 3) switch
    {
        0 => InviteDecision.JoinRoom(invite.To),
        1 => InviteDecision.WaitForOthers(invite.To, TimeSpan.FromSeconds(30)),
        _ => InviteDecision.JoinRoom("hall"),
    };

    private static byte[] Join(params string[] datagrams) => Encoding.UTF8.GetBytes(string.Join("----\r\n", datagrams));

    private static string Request(string method, string to, string toTag, string body = "", int cseq = 1, string extra = "")
    {
        var type = body.StartsWith("v=", StringComparison.Ordinal) ? "Content-Type: application/sdp\r\n" : "";
        var branch = method is "ACK" or "CANCEL" ? "INVITE" : method;
        return $"{method} sip:{to}@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.2.1;branch=z9hG4bK{branch}{cseq};rport\r\nMax-Forwards: "
            + $"70\r\n"
            + $"From: <sip:alice@test.local>;tag=f\r\nTo: <sip:{to}@test.local>{toTag}\r\nCall-ID: fuzz\r\nCSeq: {cseq} {method}\r\n"
            + $"Contact: <sip:alice@10.0.2.1>\r\n{extra}{type}Content-Length: {body.Length}\r\n\r\n{body}";
    }
}
