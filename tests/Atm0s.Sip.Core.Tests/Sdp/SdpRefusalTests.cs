using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "8866")]
[Property("threat", "P7")]
public class SdpRefusalTests
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

    [TestCase("", SdpRefusal.Empty)]
    [TestCase("\r\n\r\n", SdpRefusal.Empty)]
    [TestCase("hello", SdpRefusal.BadLine)]
    [TestCase("v", SdpRefusal.BadLine)]
    [TestCase("v=1\r\n", SdpRefusal.BadVersion)]
    [TestCase("o=- 1 1 IN IP4 192.0.2.1\r\nv=0\r\n", SdpRefusal.BadVersion)]
    [TestCase("v=0\r\ns=-\r\n", SdpRefusal.BadOrigin)]
    [TestCase("v=0\r\no=- 1 1 IN IP4\r\n", SdpRefusal.BadOrigin)]
    [TestCase("v=0\r\no=- 1 1 IN IP4 a b c d\r\n", SdpRefusal.BadOrigin)]
    [TestCase("v=0\r\no=\r\n", SdpRefusal.BadOrigin)]
    [TestCase(Head + "c=IN IP4\r\n", SdpRefusal.BadConnection)]
    [TestCase(Head + "c=ATM IP4 192.0.2.1\r\n", SdpRefusal.BadConnection)]
    [TestCase(Head + "c=IN IP4 192.0.2.1 x\r\n", SdpRefusal.BadConnection)]
    [TestCase(Head + "c=IN IP4 /127\r\n", SdpRefusal.BadConnection)]
    [TestCase(Head + "m=audio\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio 4000 RTP/AVP\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio 0\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio 65536 RTP/AVP 0\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio -1 RTP/AVP 0\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio x RTP/AVP 0\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "m=audio /2 RTP/AVP 0\r\n", SdpRefusal.BadMedia)]
    [TestCase(Head + "junk\r\n", SdpRefusal.BadLine)]
    [TestCase(Head + " a=x\r\n", SdpRefusal.BadLine)]
    [TestCase(Head + "a=fmtp:0 \0\r\n", SdpRefusal.BadCharacter)]
    [TestCase(Head + "m=audio 4000/2 RTP/AVP 0\r\n", SdpRefusal.None)]
    [TestCase(Head + "m=audio 0 RTP/AVP\r\n", SdpRefusal.None)]
    public void TryParse_NamesWhatIsWrong(string text, SdpRefusal expected) =>
        Assert.That(SdpSamples.RefusalOf(text), Is.EqualTo(expected));

    [Test]
    public void TryParse_NoUtf8_IsRefused() =>
        Assert.That(SdpSamples.RefusalOf([.. "v=0\r\ns="u8, 0xC3, 0x28]), Is.EqualTo(SdpRefusal.BadCharacter));

    [Test]
    public void TryParse_Size_AtTheLimitAndBeyond()
    {
        var pad = new string('x', 32_768 - Head.Length - 2);

        Assert.That(SdpSamples.RefusalOf(Head + "i=" + pad), Is.EqualTo(SdpRefusal.None));
        Assert.That(SdpSamples.RefusalOf(Head + "i=x" + pad), Is.EqualTo(SdpRefusal.TooLarge));
    }

    [TestCase(16, SdpRefusal.None)]
    [TestCase(17, SdpRefusal.TooManyMedia)]
    [TestCase(1000, SdpRefusal.TooManyMedia)]
    public void TryParse_Media(int count, SdpRefusal expected) =>
        Assert.That(
            SdpSamples.RefusalOf(Head + string.Concat(Enumerable.Repeat("m=audio 4000 RTP/AVP 0\r\n", count))), Is.EqualTo(expected));

    [TestCase(64, SdpRefusal.None)]
    [TestCase(65, SdpRefusal.TooManyFormats)]
    public void TryParse_Formats(int count, SdpRefusal expected) =>
        Assert.That(SdpSamples.RefusalOf(Head + "m=audio 4000 RTP/AVP" + string.Concat(Enumerable.Repeat(" 0", count)) + "\r\n"),
            Is.EqualTo(expected));

    [TestCase(256, SdpRefusal.None)]
    [TestCase(257, SdpRefusal.TooManyAttributes)]
    public void TryParse_Attributes_InAll(int count, SdpRefusal expected) =>
        Assert.That(
            SdpSamples.RefusalOf(
                Head + string.Concat(Enumerable.Repeat("a=x\r\n", 100)) + "m=audio 4000 RTP/AVP 0\r\n"
                + string.Concat(Enumerable.Repeat("a=crypto:1\r\n", count - 100))),
            Is.EqualTo(expected));

    [Test]
    public void TryParse_AndAnswer_50000Mutations_NeverThrow()
    {
        var random = new Random(20260803);
        var seeds = SdpSamples.Names().Select(SdpSamples.Bytes).ToArray();
        var read = 0;
        var answered = 0;
        var session = SdpSamples.Negotiation();

        for (var i = 0; i < 50_000; i++)
        {
            var bytes = Authentication.Mutation.Of(seeds[i % seeds.Length], random);
            if (!SdpParser.TryParse(bytes, SdpLimits.Default, out var description, out _))
                continue;
            read++;
            Assert.That(SdpSamples.RefusalOf(SdpWriter.ToBytes(description)), Is.EqualTo(SdpRefusal.None), () =>
                System.Text.Encoding.UTF8.GetString(bytes));
            if (session.State == NegotiationState.Idle)
                session.Offer(SdpSamples.Local.Address, SdpSamples.Local.Port);
            session.TakeAnswer(description);
            session.RollBack();
            if (session.TakeOffer(description) != NegotiationFailure.None)
                continue;
            answered++;
            Assert.That(
                SdpSamples.Parse(session.Answer(SdpSamples.Local.Address, SdpSamples.Local.Port)).Media,
                Has.Count.EqualTo(description.Media.Count));
            if (i % 100 == 0)
                session = SdpSamples.Negotiation();
        }

        Assert.That(read, Is.InRange(5000, 49_000));
        Assert.That(answered, Is.InRange(1000, 49_000));
    }
}
