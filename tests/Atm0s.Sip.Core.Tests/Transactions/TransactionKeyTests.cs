using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.2.3")]
public class TransactionKeyTests
{
    private const string Old = "SIP/2.0/UDP old.example:5060;branch=1";

    [Test]
    public void ForRequest_OtherFieldsDoNotMatterWithTheCookie()
    {
        using var a = Msg.Request("OPTIONS");
        using var b = Msg.Request("OPTIONS", uri: "sip:x@y.example", fromTag: "f2", toTag: "t", callId: "c2", cseq: 9);

        Assert.That(TransactionKey.ForRequest(a), Is.EqualTo(TransactionKey.ForRequest(b)));
        Assert.That(TransactionKey.ForRequest(a) == TransactionKey.ForRequest(b), Is.True);
        Assert.That(TransactionKey.ForRequest(a).GetHashCode(), Is.EqualTo(TransactionKey.ForRequest(b).GetHashCode()));
        Assert.That(TransactionKey.ForRequest(a).IsRfc2543, Is.False);
    }

    [TestCase("SIP/2.0/UDP pc.atlanta.example:5060;branch=z9hG4bKb1", false)]
    [TestCase("SIP/2.0/UDP pc.atlanta.example:5061;branch=z9hG4bKa1", false)]
    [TestCase("SIP/2.0/UDP other.example:5060;branch=z9hG4bKa1", false)]
    [TestCase("SIP/2.0/UDP PC.Atlanta.EXAMPLE:5060;branch=Z9HG4BKA1", true)]
    [TestCase("SIP / 2.0 / UDP pc.atlanta.example : 5060;rport;x=y; branch=z9hG4bKa1", true)]
    public void ForRequest_BranchAndSentBy(string via, bool isSame)
    {
        using var a = Msg.Request("OPTIONS");
        using var b = Msg.Request("OPTIONS", via: via);

        Assert.That(TransactionKey.ForRequest(a) == TransactionKey.ForRequest(b), Is.EqualTo(isSame));
    }

    [TestCase("SIP/2.0/UDP [2001:db8::9:a]:5060;branch=z9hG4bKa1", "SIP/2.0/UDP [2001:DB8::9:A]:5060;branch=z9hG4bKa1", true)]
    [TestCase("SIP/2.0/UDP [2001:db8::9:a]:5060;branch=z9hG4bKa1", "SIP/2.0/UDP [2001:db8::9:b]:5060;branch=z9hG4bKa1", false)]
    [TestCase("SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bKa1", "SIP/2.0/UDP [2001:db8::9:5060];branch=z9hG4bKa1", false)]
    public void ForRequest_Ipv6SentBy(string first, string second, bool isSame)
    {
        using var a = Msg.Request("INVITE", via: first);
        using var b = Msg.Request("INVITE", via: second);

        Assert.That(TransactionKey.ForRequest(a) == TransactionKey.ForRequest(b), Is.EqualTo(isSame));
    }

    [Test]
    public void ForRequest_MethodSeparates()
    {
        using var invite = Msg.Request("INVITE");
        using var ack = Msg.Request("ACK", toTag: "t1");
        using var cancel = Msg.Request("CANCEL");
        using var foo = Msg.Request("FOO");
        using var bar = Msg.Request("BAR");
        var key = TransactionKey.ForRequest(invite);

        Assert.That(TransactionKey.ForRequest(ack), Is.EqualTo(key));
        Assert.That(TransactionKey.ForRequest(cancel), Is.Not.EqualTo(key));
        Assert.That(TransactionKey.ForRequest(foo), Is.Not.EqualTo(TransactionKey.ForRequest(bar)));
    }

    [Test]
    public void ForRequest_AckOf2xxHasABranchOfItsOwn()
    {
        using var invite = Msg.Request("INVITE");
        using var ack = Msg.Request("ACK", branch: "z9hG4bKnew", toTag: "t1");

        Assert.That(TransactionKey.ForRequest(ack), Is.Not.EqualTo(TransactionKey.ForRequest(invite)));
    }

    [TestCase("SIP/2.0/UDP old.example;branch=z9hG4bK")]
    [TestCase("SIP/2.0/UDP old.example;branch=1")]
    [TestCase("SIP/2.0/UDP old.example")]
    public void ForRequest_WithoutCookie_IsRfc2543(string via)
    {
        using var request = Msg.Request("INVITE", via: via);

        Assert.That(TransactionKey.ForRequest(request).IsRfc2543, Is.True);
    }

    [Test]
    public void ForRequest_Rfc2543_AllFieldsMatter()
    {
        using var first = Msg.Request("BYE", via: Old, toTag: "t1");
        var key = TransactionKey.ForRequest(first);
        SipMessage[] others =
        [
            Msg.Request("BYE", via: Old, toTag: "t2"),
            Msg.Request("BYE", via: Old, toTag: "t1", fromTag: "f2"),
            Msg.Request("BYE", via: Old, toTag: "t1", callId: "c2"),
            Msg.Request("BYE", via: Old, toTag: "t1", cseq: 2),
            Msg.Request("BYE", via: Old, toTag: "t1", uri: "sip:carol@biloxi.example"),
            Msg.Request("BYE", via: Old + ";x", toTag: "t1"),
            Msg.Request("INFO", via: Old, toTag: "t1"),
        ];
        using var again = Msg.Request("BYE", via: Old, toTag: "T1", fromTag: "F1");

        Assert.That(TransactionKey.ForRequest(again), Is.EqualTo(key));
        foreach (var other in others)
        {
            using (other)
                Assert.That(TransactionKey.ForRequest(other), Is.Not.EqualTo(key), Msg.Text(other.Raw));
        }
    }

    [Test]
    public void ForRequest_Rfc2543_AckMatchesItsInvite()
    {
        using var invite = Msg.Request("INVITE", via: Old);
        using var ack = Msg.Request("ACK", via: Old, toTag: "t1");
        using var next = Msg.Request("ACK", via: Old, toTag: "t1", cseq: 2);

        Assert.That(TransactionKey.ForRequest(ack), Is.EqualTo(TransactionKey.ForRequest(invite)));
        Assert.That(TransactionKey.ForRequest(next), Is.Not.EqualTo(TransactionKey.ForRequest(invite)));
    }

    [Test]
    public void ForRequest_PartsCannotFlowIntoEachOther()
    {
        using var a = Msg.Request("INVITE", via: Old, fromTag: "ab", callId: "c");
        using var b = Msg.Request("INVITE", via: Old, fromTag: "a", callId: "bc");

        Assert.That(TransactionKey.ForRequest(a), Is.Not.EqualTo(TransactionKey.ForRequest(b)));
    }

    [TestCase(10)]
    [TestCase(120)]
    [TestCase(500)]
    [TestCase(5000)]
    public void ForRequest_LongBranch_StillTellsApart(int length)
    {
        var branch = "z9hG4bK" + new string('x', length);
        using var a = Msg.Request("INVITE", branch: branch + "1");
        using var b = Msg.Request("INVITE", branch: branch + "2");
        using var again = Msg.Request("INVITE", branch: branch.ToUpperInvariant() + "1");
        var key = TransactionKey.ForRequest(a);

        Assert.That(key, Is.Not.EqualTo(TransactionKey.ForRequest(b)));
        Assert.That(key, Is.EqualTo(TransactionKey.ForRequest(again)));
        Assert.That(key.IsRfc2543, Is.False);
    }

    [Test]
    [Property("rfc", "3261-17.1.3")]
    public void ForResponse_BranchAndCSeqMethod()
    {
        using var response = Msg.Response(200, "OPTIONS");
        using var ofOther = Msg.Response(200, "OPTIONS", branch: "z9hG4bKb");
        using var ofCancel = Msg.Response(200, "CANCEL");
        using var upper = Msg.Response(200, "OPTIONS", branch: Msg.Branch.ToUpperInvariant());
        using var otherNumber = Msg.Response(200, "OPTIONS", cseq: 2);
        var key = TransactionKey.ForClient(Msg.Branch, SipMethod.Options);

        Assert.That(TransactionKey.ForResponse(response), Is.EqualTo(key));
        Assert.That(TransactionKey.ForResponse(upper), Is.EqualTo(key));
        Assert.That(TransactionKey.ForResponse(otherNumber), Is.EqualTo(key));
        Assert.That(TransactionKey.ForResponse(ofOther), Is.Not.EqualTo(key));
        Assert.That(TransactionKey.ForResponse(ofCancel), Is.Not.EqualTo(key));
        Assert.That(TransactionKey.ForClient(Msg.Branch, "OPTIONS"u8), Is.EqualTo(key));
        Assert.That(TransactionKey.ForClient(Msg.Branch, "options"u8), Is.Not.EqualTo(key), "methods have case");
    }

    [Test]
    public void ClientAndServerKeysNeverMeet()
    {
        using var request = Msg.Request("OPTIONS");
        using var response = Msg.Response(200, "OPTIONS");

        Assert.That(TransactionKey.ForRequest(request), Is.Not.EqualTo(TransactionKey.ForResponse(response)));
    }

    [Test]
    public void Default_IsEmptyAndMatchesNothing()
    {
        TransactionKey none = default;

        Assert.That(none.IsEmpty, Is.True);
        Assert.That(none.IsRfc2543, Is.False);
        Assert.That(none, Is.Not.EqualTo(TransactionKey.ForClient("z9hG4bKa", SipMethod.Bye)));
        Assert.That(() => TransactionKey.ForClient("z9hG4bKa", SipMethod.Other), Throws.ArgumentException);
    }
}
