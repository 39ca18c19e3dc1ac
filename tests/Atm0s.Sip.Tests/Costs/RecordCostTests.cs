using System.Net;

namespace Atm0s.Sip.Tests.Costs;

/// <summary>What writing a call down costs: bytes that it allocates beyond a call that is not written down, and bytes that stay.</summary>
[SingleThreaded]
[NonParallelizable]
public sealed class RecordCostTests
{
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 10.1.0.1\r\ns=-\r\nc=IN IP4 10.1.0.1\r\nt=0 0\r\n"
        + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n";

    // Four messages of 2.4 KB in all.
    [Test]
    public async Task CallThatIsWrittenDown_AllocatesAndKeepsLittleMore()
    {
        var without = await MeasureAsync(static records =>
        {
            (records.MaxEndedCalls, records.MaxFailedCalls, records.MaxRefusedCalls) = (0, 0, 0);
            (records.MaxMessageBytes, records.MaxSamples) = (0, 0);
        });
        var with = await MeasureAsync(static records => records.MaxEndedCalls = 10_000);

        var (allocated, kept) = (with.Allocated - without.Allocated, with.Kept - without.Kept);
        TestContext.Out.WriteLine($"{allocated} bytes allocated beyond the {without.Allocated} of a call; {kept} bytes kept of each");
        Assert.That(allocated, Is.LessThan(400));
        Assert.That(kept, Is.LessThan(5_000), "3 KB of them are the messages");
    }

    private static async Task<(long Allocated, long Kept)> MeasureAsync(Action<CallRecordOptions> configure)
    {
        await using var all = new CostWorld(options =>
        {
            options.Access.Trust("10.0.0.0/8");
            options.Media.Codecs.Clear();
            options.Media.Codecs.Add("PCMA");
            configure(options.Calls.Records);
        });
        var flow = new SilentFlow(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060), new byte[4096]);
        for (var i = 0; i < 200; i++)
            Call(all, flow, i);
        Rest(all);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var bytes = new long[1_000];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Call(all, flow, 200 + i);
            if (i % 50 == 0)
                Rest(all);
        }

        Rest(all);
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / bytes.Length;
        Array.Sort(bytes);
        return (bytes[bytes.Length / 2], kept);
    }

    // What the signalling itself keeps for a while goes.
    private static void Rest(CostWorld all)
    {
        all.World.Advance(TimeSpan.FromMilliseconds(40));
        all.Pass(TimeSpan.FromSeconds(40));
    }

    private static long Call(CostWorld all, SilentFlow flow, int number)
    {
        var invite = all.Receive(flow, Text("INVITE", number, "<sip:room1@test.local>", Sdp));
        var ok = CostWorld.AnswerTo(flow);
        Assert.That(ok.Status, Is.EqualTo(200));
        var ack = all.Receive(flow, Text("ACK", number, ok["To"]));
        var bye = all.Receive(flow, Text("BYE", number, ok["To"]));
        return invite + ack + bye;
    }

    private static string Text(string method, int number, string to, string sdp = "") =>
        $"{method} sip:room1@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.0.1:5060;branch=z9hG4bK{method}{number};rport\r\n"
        + $"Max-Forwards: 70\r\nFrom: \"Alice\" <sip:alice@test.local>;tag=t{number}\r\nTo: {to}\r\nCall-ID: call-{number}@phone.example\r\n"
        + $"CSeq: {(method == "BYE" ? 2 : 1)} {method}\r\nContact: <sip:alice@10.1.0.1:5060>\r\nUser-Agent: A phone of some make 1.2.3\r\n"
        + (sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "") + $"Content-Length: {sdp.Length}\r\n\r\n{sdp}";
}
