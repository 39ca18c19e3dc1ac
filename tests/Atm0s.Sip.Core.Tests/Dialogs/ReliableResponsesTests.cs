using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3262-4")]
internal sealed class ReliableResponsesTests
{
    [Test]
    public void InOrder_EachOnce()
    {
        var responses = new ReliableResponses();

        Assert.That(On(responses, 988789), Is.EqualTo((ReliableVerdict.Acknowledge, "988789 3 INVITE")));
        Assert.That(On(responses, 988789), Is.EqualTo((ReliableVerdict.Drop, (string?)null)), "a repetition");
        Assert.That(On(responses, 988791), Is.EqualTo((ReliableVerdict.Drop, (string?)null)), "one is missing");
        Assert.That(On(responses, 988790), Is.EqualTo((ReliableVerdict.Acknowledge, "988790 3 INVITE")));
        Assert.That(On(responses, 988788), Is.EqualTo((ReliableVerdict.Drop, (string?)null)), "an old one");
        Assert.That(responses.LastRSeq, Is.EqualTo(988790u));
    }

    [Test]
    public void LastNumber_DoesNotWrap()
    {
        var responses = new ReliableResponses();
        On(responses, uint.MaxValue);

        Assert.That(On(responses, 1).Verdict, Is.EqualTo(ReliableVerdict.Drop));
    }

    [TestCase(100, "Require: 100rel\nRSeq: 1", "t1")]
    [TestCase(183, "RSeq: 1", "t1")]
    [TestCase(183, "Require: 100rel", "t1")]
    [TestCase(183, "Require: 100rel\nRSeq: 0", "t1")]
    [TestCase(183, "Require: 100rel\nRSeq: 4294967296", "t1")]
    [TestCase(183, "Require: 100rel\nRSeq: 1", null)]
    [TestCase(200, "Require: 100rel\nRSeq: 1", "t1")]
    public void NotReliable_NoPrack(int status, string headers, string? toTag)
    {
        using var response = Msg.Response(status, toTag: toTag, extra: headers);

        Assert.That(new ReliableResponses().OnProvisional(response, out var rack), Is.EqualTo(ReliableVerdict.Unreliable));
        Assert.That(rack, Is.Null);
    }

    private static (ReliableVerdict Verdict, string? RAck) On(ReliableResponses responses, uint rseq)
    {
        using var response = Msg.Response(183, cseq: 3, extra: $"Require: 100rel\nRSeq: {rseq}");
        return (responses.OnProvisional(response, out var rack), rack);
    }
}
