using System.Net;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Costs;

/// <summary>What a call costs from its INVITE to its BYE, in bytes that have to be collected.</summary>
[SingleThreaded]
[NonParallelizable]
public sealed class CallCostTests
{
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 10.1.0.1\r\ns=-\r\nc=IN IP4 10.1.0.1\r\nt=0 0\r\n"
        + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n";

    private readonly byte[] _answer = new byte[4096];
    private readonly Observer _observer = new();
    private CostWorld _all = null!;
    private SilentFlow _flow = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new CostWorld(options =>
        {
            options.Authentication.OpenNumberPrefixes.Add("room");
            options.Media.Codecs.Clear();
            options.Media.Codecs.Add("PCMA");
        });
        _flow = new SilentFlow(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060), _answer);
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    // What is counted is the signalling: the same room and leg, made without a call, are taken off.
    [Test]
    public void Call_StaysWithinItsBudget()
    {
        var calls = Enumerable.Range(0, 300).Select(Call).Skip(100).ToArray();
        var media = Enumerable.Range(0, 60).Select(Media).Order().ElementAt(30);
        var (invite, ack, bye) = (Median(calls, c => c.Invite) - media, Median(calls, c => c.Ack), Median(calls, c => c.Bye));

        TestContext.Out.WriteLine($"INVITE {invite} (and {media} of audio), ACK {ack}, BYE {bye} bytes");
        Assert.That(invite, Is.LessThan(22_000));
        Assert.That(ack, Is.LessThan(400));
        Assert.That(bye, Is.LessThan(2_500));
    }

    private static long Median(IEnumerable<(long, long, long)> calls, Func<(long Invite, long Ack, long Bye), long> part) =>
        calls.Select(part).Order().ElementAt(100);

    private long Media(int number)
    {
        var engine = _all.Server.Parts.Media.Engine;
        var format = new RtpFormat(8, PcmaCodec.Instance);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var room = engine.CreateRoom("m" + number);
        var leg = engine.TryOpenLeg(VirtualWorld.ServerEndPoint.Address, _observer)!;
        leg.Start(
            new RtpLegParameters
            {
                SendFormat = format,
                ReceiveFormats = [format],
                ReceiveEvents = [new RtpEventFormat(101, 8000)],
                SendEvents = new RtpEventFormat(101, 8000),
                Remote = new IPEndPoint(IPAddress.Parse("10.1.0.1"), 4000),
                SignallingAddress = IPAddress.Parse("10.1.0.1"),
                CName = "c",
            },
            room);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        leg.Close();
        room.Close();
        _all.World.Advance(TimeSpan.FromMilliseconds(40));
        return bytes;
    }

    private (long Invite, long Ack, long Bye) Call(int number)
    {
        var invite = _all.Receive(_flow, Text("INVITE", number.ToString(), "<sip:room1@test.local>", Sdp));
        var ok = CostWorld.AnswerTo(_flow);
        Assert.That(ok.Status, Is.EqualTo(200));
        var ack = _all.Receive(_flow, Text("ACK", number.ToString(), ok["To"]));
        var bye = _all.Receive(_flow, Text("BYE", number.ToString(), ok["To"]));
        Assert.That(CostWorld.AnswerTo(_flow).Status, Is.EqualTo(200));
        Assert.That(_all.Server.Calls, Is.Empty);
        if (number % 50 == 0)
        {
            _all.World.Advance(TimeSpan.FromMilliseconds(40));
            _all.Pass(TimeSpan.FromSeconds(40));
        }

        return (invite, ack, bye);
    }

    private static string Text(string method, string number, string to, string sdp = "") =>
        $"{method} sip:room1@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.0.1:5060;branch=z9hG4bK{method}{number};rport\r\nMax-Forwards: "
            + $"70\r\n"
        + $"From: \"Alice\" <sip:alice@test.local>;tag=t{number}\r\nTo: {to}\r\nCall-ID: call-{number}@phone.example\r\n"
        + $"CSeq: {(method == "BYE" ? 2 : 1)} {method}\r\nContact: <sip:alice@10.1.0.1:5060>\r\nUser-Agent: A phone of some make 1.2.3\r\n"
        + "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, REFER, NOTIFY, UPDATE, PRACK\r\nSupported: replaces, timer, 100rel\r\n"
        + (sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "") + $"Content-Length: {sdp.Length}\r\n\r\n{sdp}";

    private sealed class Observer : IRtpLegObserver
    {
        public void OnLatched(IPEndPoint source)
        {
        }

        public void OnMediaTimeout()
        {
        }

        public void OnFailed()
        {
        }

        public void OnDtmf(DtmfEvent dtmf)
        {
        }
    }
}
