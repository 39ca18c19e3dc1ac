using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>The session description among the bodies of a message.</summary>
[TestFixture]
[Property("rfc", "5621 §3, 2046 §5.1, 3261 §20.11")]
public class SdpBodyTests
{
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 a\r\n";
    private const string Mixed = "multipart/mixed; boundary=frontier";
    private const string SdpPart = "--frontier\r\nContent-Type: application/sdp\r\n\r\n" + Sdp + "\r\n";
    private const string OptionalPart =
        "--frontier\r\nContent-Type: application/ISUP;version=x\r\nContent-Disposition: signal; handling=optional\r\n\r\n\x01\r\n";
    private const string UnsaidPart = "--frontier\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n";
    private const string RequiredPart =
        "--frontier\r\nContent-Type: application/pidf+xml\r\nContent-Disposition: render;handling=required\r\n\r\n<x/>\r\n";
    private const string End = "--frontier--\r\n";

    private static (SdpBodyResult Result, string Sdp) Find(string headers, string body)
    {
        var text =
            "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
            + "<sip:a@b>\r\nCall-ID: 1\r\n"
            + $"CSeq: 1 INVITE\r\n{headers}Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}";
        Assert.That(SipParser.TryParse(Encoding.Latin1.GetBytes(text), new SipLimits(), isStream: false, out var message, out _), Is.True);
        using (message)
        {
            var result = SdpBody.TryFind(message!, out var sdp);
            return (result, Encoding.Latin1.GetString(sdp));
        }
    }

    private static (SdpBodyResult Result, string Sdp) FindIn(string type, string body, string more = "") =>
        Find($"Content-Type: {type}\r\n{more}", body);

    private static string Bare(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    [TestCase("application/sdp")]
    [TestCase("Application/SDP ; charset=utf-8")]
    public void PlainBody_IsIt(string type) => Assert.That(FindIn(type, Sdp), Is.EqualTo((SdpBodyResult.Found, Sdp)));

    [Test]
    public void BodyWithoutType_IsTakenForIt() => Assert.That(Find("", Sdp), Is.EqualTo((SdpBodyResult.Found, Sdp)));

    [Test]
    public void NoBody_IsNone() => Assert.That(FindIn("application/sdp", "").Result, Is.EqualTo(SdpBodyResult.None));

    [TestCase("text/plain", "", nameof(SdpBodyResult.NotUnderstood))]
    [TestCase("text/plain", "Content-Disposition: session; handling=required\r\n", nameof(SdpBodyResult.NotUnderstood))]
    [TestCase("text/plain", "Content-Disposition: icon; handling=optional\r\n", nameof(SdpBodyResult.None))]
    [TestCase("text/plain", "Content-Disposition: icon;Handling = \"Optional\"\r\n", nameof(SdpBodyResult.None))]
    [TestCase("application/sdp", "Content-Encoding: gzip\r\n", nameof(SdpBodyResult.NotUnderstood))]
    [TestCase("application/sdp", "Content-Encoding: identity\r\n", nameof(SdpBodyResult.Found))]
    [TestCase("multipart/mixed", "", nameof(SdpBodyResult.NotUnderstood))]
    public void OtherBody(string type, string more, string expected) =>
        Assert.That(FindIn(type, Sdp, more).Result.ToString(), Is.EqualTo(expected));

    [TestCase(Mixed, SdpPart + OptionalPart + End)]
    [TestCase(Mixed, OptionalPart + SdpPart + End)]
    [TestCase(Mixed, UnsaidPart + SdpPart + End)]
    [TestCase(Mixed, SdpPart + UnsaidPart + End)]
    [TestCase("Multipart/Mixed;Boundary=\"frontier\";x=y", "a preamble\r\n" + SdpPart + End + "an epilogue")]
    [TestCase(Mixed, SdpPart, Description = "no last delimiter")]
    [TestCase(Mixed, SdpPart + SdpPart + End, Description = "the first")]
    [TestCase("multipart/alternative; boundary=frontier", RequiredPart + SdpPart + End)]
    public void Part_IsFound(string type, string body) => Assert.That(FindIn(type, body), Is.EqualTo((SdpBodyResult.Found, Sdp)));

    [Test]
    public void Part_WithBareLineEnds_IsFound() =>
        Assert.That(FindIn(Mixed, Bare(SdpPart + End)), Is.EqualTo((SdpBodyResult.Found, Bare(Sdp))));

    [TestCase(SdpPart + RequiredPart + End, nameof(SdpBodyResult.NotUnderstood))]
    [TestCase(RequiredPart + SdpPart + End, nameof(SdpBodyResult.NotUnderstood))]
    [TestCase(OptionalPart + End, nameof(SdpBodyResult.None))]
    [TestCase(End, nameof(SdpBodyResult.None))]
    [TestCase("nothing", nameof(SdpBodyResult.None))]
    [TestCase("--frontierland\r\nContent-Type: application/sdp\r\n\r\nx\r\n", nameof(SdpBodyResult.None))]
    [TestCase("x--frontier\r\nContent-Type: application/sdp\r\n\r\nx\r\n", nameof(SdpBodyResult.None))]
    [TestCase("--frontier\r\n\r\ntext of no type\r\n--frontier--", nameof(SdpBodyResult.NotUnderstood))]
    public void Parts(string body, string expected)
    {
        var (result, sdp) = FindIn(Mixed, body);
        Assert.That((result.ToString(), sdp), Is.EqualTo((expected, "")));
    }

    [TestCase("multipart/alternative; boundary=frontier", RequiredPart + End)]
    [TestCase("multipart/alternative; boundary=frontier", End)]
    public void Alternatives_NoneUnderstood(string type, string body) =>
        Assert.That(FindIn(type, body).Result, Is.EqualTo(SdpBodyResult.NotUnderstood));

    [TestCase(2, nameof(SdpBodyResult.Found))]
    [TestCase(3, nameof(SdpBodyResult.NotUnderstood))]
    [TestCase(50, nameof(SdpBodyResult.NotUnderstood))]
    public void NestedParts_ToThreeLevels(int depth, string expected)
    {
        var body = SdpPart + End;
        var boundary = "frontier";
        for (var i = 0; i < depth; i++)
        {
            body = $"--b{i}\r\nContent-Type: multipart/mixed;boundary={boundary}\r\n\r\n{body}\r\n--b{i}--\r\n";
            boundary = $"b{i}";
        }

        Assert.That(FindIn($"multipart/mixed;boundary={boundary}", body).Result.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void ManyParts_ToSixteen()
    {
        Assert.That(
            FindIn(Mixed, string.Concat(Enumerable.Repeat(OptionalPart, 15)) + SdpPart + End).Result, Is.EqualTo(SdpBodyResult.Found));
        Assert.That(
            FindIn(Mixed, string.Concat(Enumerable.Repeat(OptionalPart, 16)) + SdpPart + End).Result, Is.EqualTo(SdpBodyResult.None));
    }

    [Test]
    public void Anything_NeverThrows()
    {
        var random = new Random(5);
        string[] pieces = ["--frontier", "--frontier--", "\r\n", "\n", "--", "Content-Type: application/sdp",
            "Content-Type: multipart/mixed;boundary=frontier", ":", "x"];
        for (var i = 0; i < 20_000; i++)
            FindIn(Mixed, string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)])) + "x");
    }
}
