using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Serialization;

/// <summary>The writer's gate, and its output read back.</summary>
public class SipWriterTests
{
    private const string Alphabet = "abcXYZ019-_.;=,\"<>@:/ \t\u044f\u4e2d%";

    private static readonly string[] LineBreaks = ["\r", "\n", "\r\nVia: x", "a\r\n b", "\0", "\\\r", "a\\\0\0", "\u0000"];

    public delegate void Write(SipWriter writer, string value);

    private static IEnumerable<TestCaseData> Ways()
    {
        yield return Way("request line, method", (w, v) => w.RequestLine(Views.Bytes(v), "sip:h"u8));
        yield return Way("request line, uri", (w, v) => w.RequestLine(SipMethod.Options, Views.Bytes(v)));
        yield return Way("status line", (w, v) => w.StatusLine(200, v));
        yield return Way("field, bytes", (w, v) => w.Header(SipHeaderId.Subject, Views.Bytes(v)));
        yield return Way("field, text", (w, v) => w.Header(SipHeaderId.Subject, v));
        yield return Way("named field, bytes", (w, v) => w.Header("X"u8, Views.Bytes(v)));
        yield return Way("named field, text", (w, v) => w.Header("X", v));
        yield return Way("name, bytes", (w, v) => w.Header(Views.Bytes(v), "x"u8));
        yield return Way("name, text", (w, v) => w.Header(v, "x"));
        yield return Way("part, bytes", (w, v) => w.Value(Views.Bytes(v)));
        yield return Way("part, text", (w, v) => w.Value(v));
        yield return Way("content type", (w, v) => w.Body(Views.Bytes(v), "x"u8));
    }

    [TestCaseSource(nameof(Ways))]
    public void Line_break_never_reaches_the_wire(Write write)
    {
        foreach (var value in LineBreaks)
        {
            using var buffer = new PooledBufferWriter();
            Assert.Throws<ArgumentException>(() => write(new SipWriter(buffer), value));
            Assert.That(Views.Text(buffer.WrittenSpan), Does.Not.Contain(value));
        }
    }

    [TestCaseSource(nameof(Ways))]
    public void Harmless_value_passes(Write write)
    {
        using var buffer = new PooledBufferWriter();
        write(new SipWriter(buffer), "x");
        Assert.That(Views.Text(buffer.WrittenSpan), Does.Contain("x"));
    }

    [Test]
    public void Escaped_nul_of_a_display_name_passes()
    {
        using var buffer = new PooledBufferWriter();
        new SipWriter(buffer).Value("\"\\\0\""u8);
        Assert.That(buffer.WrittenSpan.SequenceEqual("\"\\\0\""u8), Is.True);
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a:")]
    [TestCase("\u044f")]
    public void Name_of_a_field_is_a_token(string name)
    {
        using var buffer = new PooledBufferWriter();
        Assert.Throws<ArgumentException>(() => new SipWriter(buffer).Header(name, "x"));
        Assert.That(buffer.WrittenCount, Is.Zero);
    }

    [TestCase(99)]
    [TestCase(700)]
    public void Status_is_from_100_to_699(int status)
    {
        using var buffer = new PooledBufferWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipWriter(buffer).StatusLine(status));
    }

    [Test]
    public void What_is_written_is_read_back()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 2000; round++)
        {
            var fields = Enumerable.Range(0, random.Next(0, 12)).Select(i => (Name: $"X-{i}", Value: Text(random).Trim(' ', '\t')))
                .ToList();
            var body = new byte[random.Next(0, 2) * random.Next(0, 4000)];
            random.NextBytes(body);
            var uri = SipUri.Create(Text(random), "example.com", random.Next(0, 65536)).ToString();
            var cseq = (uint)random.NextInt64(0, uint.MaxValue);
            using var buffer = new PooledBufferWriter(16);
            WriteRequest(new SipWriter(buffer), uri, cseq, fields, body);

            using var message = Parsed.Ok(buffer.WrittenSpan);
            Assert.That((message.Method, Views.Text(message.RequestUri), message.CSeqNumber), Is.EqualTo((SipMethod.Message, uri, cseq)));
            Assert.That(message.Body.SequenceEqual(body), Is.True);
            foreach (var (name, value) in fields)
            {
                Assert.That(message.TryGetHeader(Views.Bytes(name), out var found), Is.True);
                Assert.That(Views.Text(found), Is.EqualTo(value));
            }

            Assert.That(message.HeaderCount, Is.EqualTo(fields.Count + 5 + (body.Length > 0 ? 2 : 1)));
        }
    }

    [Test]
    public void Fields_are_copied_in_order_under_their_full_name()
    {
        using var message = Parsed.Request("m: <sip:a@h>", "X: y", "CONTACT: <sip:b@h>,<sip:c@h>");
        using var buffer = new PooledBufferWriter();
        new SipWriter(buffer).CopyHeaders(message, SipHeaderId.Contact);
        Assert.That(Views.Text(buffer.WrittenSpan), Is.EqualTo("Contact: <sip:a@h>\r\nContact: <sip:b@h>,<sip:c@h>\r\n"));
    }

    private static void WriteRequest(SipWriter writer, string uri, uint cseq, List<(string Name, string Value)> fields, byte[] body)
    {
        writer.RequestLine(SipMethod.Message, Views.Bytes(uri));
        writer.Header(SipHeaderId.Via, "SIP/2.0/UDP h;branch=z9hG4bK1"u8);
        writer.Header(SipHeaderId.From, "<sip:a@h>;tag=1");
        writer.Header(SipHeaderId.To, "<sip:b@h>"u8);
        writer.Header(SipHeaderId.CallId, "1"u8);
        writer.BeginHeader(SipHeaderId.CSeq);
        writer.Value(cseq);
        writer.Value(" MESSAGE");
        writer.EndHeader();
        foreach (var (name, value) in fields)
            writer.Header(name, value);
        writer.Body("text/plain"u8, body);
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

    private static TestCaseData Way(string name, Write write) => new TestCaseData(write).SetArgDisplayNames(name);
}
