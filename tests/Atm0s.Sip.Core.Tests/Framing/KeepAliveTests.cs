using Atm0s.Sip.Core.Framing;

namespace Atm0s.Sip.Core.Tests.Framing;

[TestFixture]
[Property("rfc", "5626 §4.4.1")]
public class KeepAliveTests
{
    private const string Message = "SIP/2.0 200 OK\r\nl:0\r\n\r\n";

    // However TCP cuts it, a ping is one ping: who gets no pong takes the connection for dead.
    [TestCase("\r\n\r\n")]
    [TestCase("\r", "\n\r\n")]
    [TestCase("\r\n", "\r\n")]
    [TestCase("\r\n\r", "\n")]
    [TestCase("\r\n", "\r", "\n")]
    [TestCase("\r", "\n", "\r", "\n")]
    public void Read_Ping_HoweverItIsCut(params string[] pieces)
    {
        var stream = PieceStream.Of(pieces);

        Assert.That(stream.Pings, Is.EqualTo(1));
        Assert.That(stream.Left, Is.Zero);
    }

    [Test]
    public void Read_PingSplitAtEveryByteBetweenMessages_IsOnePing()
    {
        const string Text = Message + "\r\n\r\n" + Message;
        for (var i = 0; i <= Text.Length; i++)
        {
            var stream = PieceStream.Of(Text[..i], Text[i..]);
            Assert.That((stream.Pings, stream.Messages.Count), Is.EqualTo((1, 2)), $"split at {i}");
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public void Read_ManyPings_AreAllFound(int count) =>
        Assert.That(PieceStream.Of(string.Concat(Enumerable.Repeat("\r\n\r\n", count))).Pings, Is.EqualTo(count));

    [Test]
    public void Read_Pong_IsConsumedAtOnceAndAnsweredByNobody()
    {
        var stream = PieceStream.Of("\r\n");

        Assert.That((stream.Pings, stream.Blanks, stream.Left), Is.EqualTo((0, 1, 0)));
    }

    [TestCase("\r\n", Message, "\r\n")]
    [TestCase("\r\n" + Message + "\r\n" + Message)]
    [TestCase("\n\n" + Message)]
    public void Read_SingleBlankLinesAroundMessages_AreNoPing(params string[] pieces) => Assert.That(PieceStream.Of(pieces).Pings, Is.Zero);
}
