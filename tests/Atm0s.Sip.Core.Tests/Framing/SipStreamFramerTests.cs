using System.Text;
using Atm0s.Sip.Core.Framing;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Framing;

[TestFixture]
[Property("rfc", "3261 §18.3, §7.5")]
public class SipStreamFramerTests
{
    private const string First = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 5\r\nX: y\r\n\r\nbo\r\ny";
    private const string Second = "SIP/2.0 200 OK\r\nl:0\r\n\r\n";

    [Test]
    public void Read_SplitAtEveryByte_FindsTheSame()
    {
        for (var i = 0; i <= First.Length + Second.Length; i++)
        {
            var stream = PieceStream.Of((First + Second)[..i], (First + Second)[i..]);
            Assert.That(stream.Messages, Is.EqualTo(new[] { First, Second }), $"split at {i}");
            Assert.That(stream.Left, Is.Zero);
        }
    }

    [Test]
    public void Read_ByteByByte_FindsTheSame() =>
        Assert.That(PieceStream.Of([.. (First + "\r\n" + Second).Select(c => c.ToString())]).Messages, Is.EqualTo(new[] { First, Second }));

    [Test]
    public void Read_ManyInOnePiece_FindsAll() =>
        Assert.That(PieceStream.Of(string.Concat(Enumerable.Repeat(First + Second, 50))).Messages, Has.Count.EqualTo(100));

    [Test]
    public void Read_RandomPieces_FindsAll()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 20).Select(_ => random.Next(2) == 0 ? First : Second));
            var stream = new PieceStream();
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(1, 60), text.Length - at);
                stream.Add(Encoding.UTF8.GetBytes(text.Substring(at, length)));
                at += length;
            }

            Assert.That(string.Concat(stream.Messages), Is.EqualTo(text));
        }
    }

    [TestCase("Content-Length: 3")]
    [TestCase("CONTENT-length  :  3 ")]
    [TestCase("l:\t3")]
    [TestCase("L: 003")]
    [TestCase("Content-Length: 3\r\nl: 3")]
    [TestCase("Subject: x\r\n Content-Length: 9\r\nContent-Length: 3")]
    [TestCase("Subject: x\r\n\tl: 9\r\nContent-Length: 3")]
    [TestCase("Content-Lengthy: 9\r\nX-l: 9\r\nl: 3")]
    public void Read_LengthInAnyForm_IsFound(string header) =>
        Assert.That(PieceStream.Of($"A sip:a SIP/2.0\r\n{header}\r\n\r\nabc").Messages, Has.Count.EqualTo(1));

    [TestCase("X: y", SipRefusal.MissingContentLength)]
    [TestCase("Subject: x\r\n Content-Length: 3", SipRefusal.MissingContentLength)]
    [TestCase("Content-Length: -1", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: +3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length:", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 3 3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 3,3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 0x3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length:\r\n 3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 3\r\n 3", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 3\r\nContent-Length: 4", SipRefusal.ContentLengthConflict)]
    [TestCase("l: 3\r\nContent-Length: 0", SipRefusal.ContentLengthConflict)]
    [TestCase("Content-Length: 65536", SipRefusal.TooLarge)]
    [TestCase("Content-Length: 2147483647", SipRefusal.TooLarge)]
    [TestCase("Content-Length: 4294967295", SipRefusal.TooLarge)]
    [TestCase("Content-Length: 18446744073709551617", SipRefusal.TooLarge)]
    public void Read_LengthThatCannotBeFollowed_IsRefusedByName(string header, SipRefusal expected)
    {
        var text = $"A sip:a SIP/2.0\r\n{header}\r\n\r\n";
        var stream = PieceStream.Of(text + "abc");

        Assert.That(stream.Refusal, Is.EqualTo(new FrameResult(FrameKind.Refused, text.Length, expected)));
        Assert.That(stream.Messages, Is.Empty);
    }

    [Test]
    public void Read_WholeMessage_AtTheLimitAndBeyond()
    {
        var limits = new SipLimits { MaxMessageSize = 1024 };
        var head = "A sip:a SIP/2.0\r\nContent-Length: 984\r\n\r\n";
        Assert.That(head, Has.Length.EqualTo(40));

        var fits = new PieceStream(limits);
        fits.Add(Encoding.UTF8.GetBytes(head + new string('x', 984)));
        var tooLarge = new PieceStream(limits);
        tooLarge.Add(Encoding.UTF8.GetBytes(head.Replace("984", "985", StringComparison.Ordinal)));

        Assert.That(fits.Messages, Has.Count.EqualTo(1));
        Assert.That(tooLarge.Refusal.Refusal, Is.EqualTo(SipRefusal.TooLarge), "before the body came");
    }

    [Test]
    public void Read_HeaderWithoutEnd_WaitsToTheLimitAndNoFurther()
    {
        var stream = new PieceStream(new SipLimits { MaxMessageSize = 1024 });
        stream.Add(Encoding.UTF8.GetBytes(new string('x', 1024)));
        Assert.That(stream.Refusal.Kind, Is.Not.EqualTo(FrameKind.Refused));

        stream.Add("x"u8.ToArray());

        Assert.That(stream.Refusal.Refusal, Is.EqualTo(SipRefusal.TooLarge));
    }

    [Test]
    public void Read_HeaderLongerThanTheLimit_IsRefused()
    {
        var stream = new PieceStream(new SipLimits { MaxMessageSize = 1024 });
        stream.Add(Encoding.UTF8.GetBytes("A sip:a SIP/2.0\r\nl: 0\r\nX: " + new string('x', 1024) + "\r\n\r\n"));

        Assert.That(stream.Refusal.Refusal, Is.EqualTo(SipRefusal.TooLarge));
    }

    [Test]
    public void Read_BareCr_IsRefused() => Assert.That(PieceStream.Of("\rA").Refusal.Refusal, Is.EqualTo(SipRefusal.BadLineEnd));

    [Test]
    public void Read_Junk_NeverThrowsAndAlwaysComesToAnEnd()
    {
        var random = new Random(5);
        var words = new[] { "\r\n", "\r", "\n", ":", " ", "l", "Content-Length", "3", "A sip:a SIP/2.0", "\0", "x", "\r\n\r\n" };
        var messages = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var stream = PieceStream.Of([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => words[random.Next(words.Length)])]);
            messages += stream.Messages.Count;
        }

        Assert.That(messages, Is.GreaterThan(0));
    }
}
