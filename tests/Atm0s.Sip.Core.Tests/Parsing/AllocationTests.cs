using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>The hot paths allocate nothing once they are warm.</summary>
[NonParallelizable]
public class AllocationTests
{
    private static IEnumerable<string> SipFiles => TestData.Files("messages", "*.sip");

    [TestCaseSource(nameof(SipFiles))]
    public void Parsing_allocates_nothing(string file)
    {
        var bytes = TestData.Read("messages", file);
        Assert.That(Measure(() => Parse(bytes).Dispose()), Is.Zero);
    }

    [Test]
    public void Refusing_allocates_nothing()
    {
        var bytes = TestData.Read("rfc4475", "badinv01.dat");
        var noise = TestData.Read("rfc4475", "bigcode.dat");
        Assert.That(
            Measure(() =>
            {
                Parse(bytes).Dispose();
                SipParser.TryParse(noise, SipLimits.Default, isStream: false, out _, out _);
            }),
            Is.Zero);
    }

    [TestCaseSource(nameof(SipFiles))]
    public void Reading_as_spans_allocates_nothing(string file)
    {
        using var message = Parsed.Ok(TestData.Read("messages", file));
        var sum = 0;
        var allocated = Measure(() =>
        {
            sum += message.CallId.Length + message.CallIdHash + message.TopViaBranch.Length + message.TopVia.Rport
                + message.From.Tag.Length + message.To.Uri.Length;
            sum += (int)message.CSeqNumber + (message.HasToken(SipHeaderId.Supported, "timer"u8) ? 1 : 0);
            foreach (var value in message.GetValues(SipHeaderId.Allow))
                sum += value.Length;
            if (message.TryGetHeader("User-Agent"u8, out var agent))
                sum += agent.Length;
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(sum, Is.Not.Zero);
    }

    [TestCase("203.0.113.17")]
    [TestCase("::ffff:203.0.113.17")]
    [TestCase("2001:db8::9")]
    public void Writing_a_response_into_a_used_buffer_allocates_nothing(string source)
    {
        using var request = Parsed.Ok(TestData.Read("messages", "register_digest.sip"));
        request.RemoteEndPoint = new IPEndPoint(IPAddress.Parse(source), 5062);
        using var buffer = new PooledBufferWriter();
        Assert.That(Measure(() => Respond(request, buffer)), Is.Zero);
        Assert.That(Views.Text(buffer.WrittenSpan), Does.Contain(";rport=5062").And.Contain("tag=abcdef"));
    }

    [Test]
    public void Cloning_and_disposing_allocates_nothing()
    {
        using var message = Parsed.Ok(TestData.Read("messages", "invite.sip"));
        Assert.That(Measure(() => message.Clone().Dispose()), Is.Zero);
    }

    private static void Respond(SipMessage request, PooledBufferWriter buffer)
    {
        buffer.Reset();
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, 200, null, "abcdef");
        writer.Header(SipHeaderId.Expires, 300);
        writer.End();
    }

    private static SipMessage Parse(byte[] bytes)
    {
        SipParser.TryParse(bytes, SipLimits.Default, isStream: false, out var message, out _);
        return message!;
    }

    // The least of three rounds: what allocates does so in each, and a collection that empties the array pool in the middle of one is not
    // its doing.
    private static long Measure(Action action)
    {
        for (var i = 0; i < 200; i++)
            action();
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
