using System.Diagnostics;
using System.Text;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>
/// Eight times as much costs some eight times as much, in memory and in work. The work is the best of many short runs: a reader that is
/// quadratic takes sixty-four times as long on any machine.
/// </summary>
[NonParallelizable]
[Property("threat", "P2, P3")]
public class LinearTests
{
    private const int Small = 4000;
    private const int Times = 8;
    private const double MaxWork = 24;
    private static readonly SipLimits Sip = new() { MaxHeaderLength = 65_535, MaxHeaders = 4096, MaxUriLength = 8192 };
    private static readonly SdpLimits Sdp = new() { MaxSize = 65_535, MaxMedia = 10_000, MaxFormats = 20_000, MaxAttributes = 20_000 };

    private static IEnumerable<TestCaseData> Messages()
    {
        foreach (var (name, head, part) in new[]
        {
            ("folds", "X: a", "\r\n "), ("commas", "Contact: <sip:a@h>", ",<sip:a@h>"), ("quotes", "Contact: ", "\"<"),
            ("parameters", "Via: SIP/2.0/UDP h", ";a"), ("vias", "Via: SIP/2.0/UDP h", "\r\nVia: SIP/2.0/UDP h"),
            ("routes", "Route: <sip:h>", ", <sip:h;lr>"), ("names", "A:", "\r\nA:"), ("escapes", "To: \"", "\\a"),
                ("spaces", "From: ", " "),
        })
            yield return new TestCaseData((int size) => Views.Bytes(Parsed.Text(Fill(head, part, size)))).SetArgDisplayNames(name);
    }

    private static IEnumerable<TestCaseData> Descriptions()
    {
        foreach (var (name, head, part) in new[]
        {
            ("attributes", "m=audio 9 RTP/AVP 0\r\n", "a=x\r\n"), ("maps", "m=audio 9 RTP/AVP 0\r\n", "a=rtpmap:96 x/8000\r\n"),
            ("parameters of formats", "m=audio 9 RTP/AVP 96\r\n", "a=fmtp:96 a=b\r\n"), ("formats", "m=audio 9 RTP/AVP", " 0"),
            ("streams", "", "m=audio 9 RTP/AVP 0\r\n"), ("line feeds", "m=audio 9 RTP/AVP 0", "\n"),
        })
        {
            yield return new TestCaseData((int size) => Encoding.ASCII.GetBytes(
                "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n" + Fill(head, part, size) + "\r\n"))
                    .SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Messages))]
    public void Message_costs_work_by_its_length(Func<int, byte[]> make)
    {
        Assert.That(WorkRatio(make, static bytes =>
        {
            if (SipParser.TryParse(bytes, Sip, isStream: false, out var message, out _))
                message.Dispose();
        }), Is.LessThan(MaxWork));
    }

    [TestCaseSource(nameof(Descriptions))]
    public void Description_costs_work_and_memory_by_its_length(Func<int, byte[]> make)
    {
        static void Read(byte[] bytes) => SdpParser.TryParse(bytes, Sdp, out _, out _);

        Assert.That(WorkRatio(make, Read), Is.LessThan(MaxWork));
        Assert.That(Allocated(make(Times * Small), Read), Is.LessThan(Math.Max(20_000, 12.0 * Allocated(make(Small), Read))));
    }

    private static double WorkRatio(Func<int, byte[]> make, Action<byte[]> read) =>
        Best(make(Times * Small), read) / Math.Max(Best(make(Small), read), 1);

    // In microseconds.
    private static double Best(byte[] bytes, Action<byte[]> read)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 60; i++)
        {
            var started = Stopwatch.GetTimestamp();
            read(bytes);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return best;
    }

    private static long Allocated(byte[] bytes, Action<byte[]> read)
    {
        read(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        read(bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Fill(string head, string part, int size) => head + string.Concat(Enumerable.Repeat(part, size / part.Length));
}
