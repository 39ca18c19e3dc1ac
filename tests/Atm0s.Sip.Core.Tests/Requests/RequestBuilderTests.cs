using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Requests;

[TestFixture]
[Property("rfc", "3261-8.1.1")]
public class RequestBuilderTests
{
    private static readonly SipVia Via = new("UDP", "pc.atlanta.example:5060", "z9hG4bKr1");

    [Test]
    public void ToArray_AllMandatoryFields()
    {
        var bytes = Make().ToArray(Via);
        using var message = Msg.Parse(bytes);

        Assert.That(Msg.StartLine(bytes), Is.EqualTo("OPTIONS sip:bob@biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(bytes, "Via"), Is.EqualTo(new[] { "SIP/2.0/UDP pc.atlanta.example:5060;rport;branch=z9hG4bKr1" }));
        Assert.That(Msg.Lines(bytes, "From"), Is.EqualTo(new[] { "<sip:alice@atlanta.example>;tag=f1" }));
        Assert.That(Msg.Lines(bytes, "To"), Is.EqualTo(new[] { "<sip:bob@biloxi.example>" }));
        Assert.That(Msg.Lines(bytes, "Max-Forwards"), Is.EqualTo(new[] { "70" }));
        Assert.That(Msg.Lines(bytes, "CSeq"), Is.EqualTo(new[] { "1 OPTIONS" }));
        Assert.That(Msg.Lines(bytes, "Call-ID"), Is.EqualTo(new[] { "c1" }));
        Assert.That(Msg.Lines(bytes, "Contact"), Is.Empty);
        Assert.That(TransactionsKey(message), Is.True);
    }

    [Test]
    [Property("rfc", "3581-3")]
    public void ToArray_Tcp_AsksForNoPort() =>
        Assert.That(Msg.Lines(Make().ToArray(Via with { Transport = "TCP", SentBy = "[2001:db8::1]" }), "Via"),
            Is.EqualTo(new[] { "SIP/2.0/TCP [2001:db8::1];branch=z9hG4bKr1" }));

    [TestCase("Alice", "\"Alice\"")]
    [TestCase("A \"B\" \\C", "\"A \\\"B\\\" \\\\C\"")]
    [TestCase("\\\"", "\"\\\\\\\"\"")]
    [TestCase("<sip:evil@x>;tag=1, ", "\"<sip:evil@x>;tag=1, \"")]
    [TestCase("Żółw 🐢", "\"Żółw 🐢\"")]
    [Property("rfc", "3261-25.1")]
    public void ToArray_DisplayName_IsQuotedAndEscaped(string name, string quoted)
    {
        var bytes = Make(name: name).ToArray(Via);
        using var message = Msg.Parse(bytes);

        Assert.That(Msg.Lines(bytes, "From"), Is.EqualTo(new[] { $"{quoted} <sip:alice@atlanta.example>;tag=f1" }));
        Assert.That(Msg.Text(message.From.Uri), Is.EqualTo("sip:alice@atlanta.example"));
        Assert.That(Msg.Text(message.FromTag), Is.EqualTo("f1"));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void ToArray_LooseRoutes()
    {
        var builder = Make(routes: ["sip:p1.example;lr", "sip:p2.example;lr"]);
        var bytes = builder.ToArray(Via);

        Assert.That(Msg.StartLine(bytes), Is.EqualTo("OPTIONS sip:bob@biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(bytes, "Route"), Is.EqualTo(new[] { "<sip:p1.example;lr>", "<sip:p2.example;lr>" }));
        Assert.That(builder.NextHop, Is.EqualTo("sip:p1.example;lr"));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void ToArray_StrictFirstRoute()
    {
        var bytes = Make(routes: ["sip:p1.example;transport=tcp", "sip:p2.example;lr"]).ToArray(Via);

        Assert.That(Msg.StartLine(bytes), Is.EqualTo("OPTIONS sip:p1.example;transport=tcp SIP/2.0"));
        Assert.That(Msg.Lines(bytes, "Route"), Is.EqualTo(new[] { "<sip:p2.example;lr>", "<sip:bob@biloxi.example>" }));
    }

    [TestCase("sip:bob@b.example?Subject=x", "sip:bob@b.example")]
    [TestCase("sip:bob@b.example;method=INVITE", "sip:bob@b.example")]
    [TestCase("sip:bob@b.example;a=b;METHOD=INVITE;c;lr?x=y&z", "sip:bob@b.example;a=b;c;lr")]
    [TestCase("sip:bob;method=x@b.example;user=phone", "sip:bob;method=x@b.example;user=phone")]
    [TestCase("sips:[2001:db8::1]:5061;transport=tls", "sips:[2001:db8::1]:5061;transport=tls")]
    [TestCase("sip:b.example?", "sip:b.example")]
    [TestCase("sip:b.example;method=X?", "sip:b.example")]
    [TestCase("sip:b.example;a;method=X;b??", "sip:b.example;a;b")]
    [TestCase("tel:+1-212;ext=5", "tel:+1-212;ext=5")]
    [Property("rfc", "3261-19.1.1")]
    public void ToArray_RequestUri_WithoutWhatTable1Forbids(string uri, string onWire) =>
        Assert.That(Msg.StartLine(Make(uri: uri).ToArray(Via)), Is.EqualTo($"OPTIONS {onWire} SIP/2.0"));

    [TestCase(SipMethod.Ack)]
    [TestCase(SipMethod.Cancel)]
    [TestCase(SipMethod.Other)]
    public void ToArray_MethodNotBuiltHere_Throws(SipMethod method) =>
        Assert.That(() => Make(method: method).ToArray(Via), Throws.ArgumentException);

    [TestCase("")]
    [TestCase("sip:a b")]
    [TestCase("sip:a@b>;tag=x")]
    [TestCase("<sip:a@b")]
    [TestCase("sip:\"a\"@b")]
    [TestCase("sip:a@b\tc")]
    [TestCase("sip:a@b\r\nX: y")]
    [TestCase("sip:a@b\nX: y")]
    [TestCase("sip:a@b\0")]
    [TestCase("sip:a@b\u0001")]
    [TestCase("bob")]
    public void ToArray_BadUri_ThrowsEverywhere(string uri)
    {
        Assert.That(() => Make(uri: uri).ToArray(Via), Throws.ArgumentException);
        Assert.That(() => Make(from: uri).ToArray(Via), Throws.ArgumentException);
        Assert.That(() => Make(to: uri).ToArray(Via), Throws.ArgumentException);
        Assert.That(() => Make(contact: uri).ToArray(Via), Throws.ArgumentException);
        Assert.That(() => Make(routes: [uri]).ToArray(Via), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a;b")]
    [TestCase("a,b")]
    [TestCase("a\r\nX: y")]
    [TestCase("a\n")]
    [TestCase("a\0b")]
    [TestCase("é")]
    public void ToArray_BadTagOrCallId_Throws(string value)
    {
        Assert.That(() => Make(fromTag: value).ToArray(Via), Throws.ArgumentException);
        Assert.That(() => Make(callId: value).ToArray(Via), Throws.ArgumentException);
    }

    [TestCase("a\"b")]
    [TestCase("a>b")]
    [TestCase("a=b")]
    [TestCase("a@b")]
    public void ToArray_TagIsAToken(string tag)
    {
        Assert.That(() => Make(fromTag: tag).ToArray(Via), Throws.ArgumentException);
    }

    [TestCase("a@b.example")]
    [TestCase("{x}-[y]/\"z\"?")]
    public void ToArray_CallIdIsOfWords(string callId)
    {
        using var message = Msg.Parse(Make(callId: callId).ToArray(Via));

        Assert.That(Msg.Text(message.CallId), Is.EqualTo(callId));
    }

    [TestCase("a\rb")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase("a\u0001b")]
    [TestCase("a\u007fb")]
    public void ToArray_BadDisplayName_Throws(string name) => Assert.That(() => Make(name: name).ToArray(Via), Throws.ArgumentException);

    [TestCase("UDP\r\nX: y", "h", "z9hG4bK1")]
    [TestCase("UDP", "h\r\nX: y", "z9hG4bK1")]
    [TestCase("UDP", "h", "z9hG4bK1\r\nX: y")]
    [TestCase("UDP", "h;received=1.2.3.4", "z9hG4bK1")]
    [TestCase("UDP", "2001:db8::1", "z9hG4bK1")]
    [TestCase("UDP", "h:99999", "z9hG4bK1")]
    [TestCase("UDP", "h", "z9hG4bK1;x=y")]
    [TestCase("UDP", "h", "")]
    [TestCase("U P", "h", "z9hG4bK1")]
    public void ToArray_BadVia_Throws(string transport, string sentBy, string branch) =>
        Assert.That(() => Make().ToArray(new SipVia(transport, sentBy, branch)), Throws.ArgumentException);

    [Test]
    public void ToArray_RandomGarbage_EitherThrowsOrParsesBackUnharmed()
    {
        const string alphabet = "ab \t\r\n\0\"<>;,:@?=\\%[]é\u007f\u0001";
        var random = new Random(11);
        var written = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var part = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var builder = (i % 4) switch
            {
                0 => Make(name: part),
                1 => Make(fromTag: part, callId: "c1"),
                2 => Make(callId: part),
                _ => Make(from: "sip:" + part + "@x.example"),
            };
            byte[] bytes;
            try
            {
                bytes = builder.ToArray(Via);
            }
            catch (ArgumentException)
            {
                continue;
            }

            written++;
            using var message = Msg.Parse(bytes);
            Assert.That(message.HeaderCount, Is.EqualTo(7));
            Assert.That(Msg.Text(message.FromTag), Is.EqualTo(builder.FromTag));
            Assert.That(Msg.Text(message.From.Uri), Is.EqualTo(builder.From));
            Assert.That(Msg.Text(message.CallId), Is.EqualTo(builder.CallId));
        }

        Assert.That(written, Is.GreaterThan(1000));
    }

    [Test]
    public void CSeqAndMaxForwards_Ranges()
    {
        var builder = Make();
        builder.CSeq = int.MaxValue;
        Assert.That(() => builder.CSeq = 1u << 31, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(builder.CSeq, Is.EqualTo((uint)int.MaxValue));
        Assert.That(() => Make(maxForwards: 256), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Make(maxForwards: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(Msg.Lines(Make(maxForwards: 0).ToArray(Via), "Max-Forwards"), Is.EqualTo(new[] { "0" }));
    }

    private static bool TransactionsKey(SipMessage message) =>
        Atm0s.Sip.Core.Transactions.TransactionKey.ForRequest(message).IsRfc2543 == false;

    private static RequestBuilder Make(
        SipMethod method = SipMethod.Options,
        string uri = "sip:bob@biloxi.example",
        string from = "sip:alice@atlanta.example",
        string? name = null,
        string fromTag = "f1",
        string to = "sip:bob@biloxi.example",
        string callId = "c1",
        string? contact = null,
        IReadOnlyList<string>? routes = null,
        int maxForwards = 70) => new()
    {
        Method = method,
        RequestUri = uri,
        From = from,
        FromDisplayName = name,
        FromTag = fromTag,
        To = to,
        CallId = callId,
        Contact = contact,
        Routes = routes ?? [],
        MaxForwards = maxForwards,
    };
}
