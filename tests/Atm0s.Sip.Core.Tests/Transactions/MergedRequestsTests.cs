using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-8.2.2.2")]
public class MergedRequestsTests
{
    private readonly ServerLog _log = new();

    [Test]
    public void IsMerged_SameRequestOverAnotherPath()
    {
        var merged = new MergedRequests();
        Add(merged, Msg.Request("OPTIONS"));

        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", branch: "z9hG4bKother")), Is.True);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", branch: "z9hG4bKother", uri: "sip:elsewhere.example", fromTag: "F1")), Is.True);
    }

    [Test]
    public void IsMerged_AnyPartDiffers_False()
    {
        var merged = new MergedRequests();
        Add(merged, Msg.Request("OPTIONS"));

        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", fromTag: "f2")), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", callId: "c2")), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", callId: "C1")), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", cseq: 2)), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("MESSAGE")), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", toTag: "t1")), Is.False);
    }

    [Test]
    public void IsMerged_CancelAndAck_Never()
    {
        var merged = new MergedRequests();
        Add(merged, Msg.Request("CANCEL"));

        Assert.That(IsMerged(merged, Msg.Request("CANCEL")), Is.False);
        Assert.That(IsMerged(merged, Msg.Request("ACK")), Is.False);
        Assert.That(merged.Count, Is.Zero);
    }

    [Test]
    public void Remove_ForgetsItsOwnOnly()
    {
        var merged = new MergedRequests();
        var first = Add(merged, Msg.Request("OPTIONS"));
        var second = Add(merged, Msg.Request("OPTIONS", branch: "z9hG4bKother"));

        merged.Remove(second);
        Assert.That(merged.Count, Is.EqualTo(1));
        merged.Remove(first);
        merged.Remove(first);
        Assert.That(merged.Count, Is.Zero);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS")), Is.False);
    }

    [Test]
    public void Add_Full_PassesUnchecked()
    {
        var merged = new MergedRequests(capacity: 2);
        for (uint i = 1; i <= 3; i++)
            Add(merged, Msg.Request("OPTIONS", cseq: i, branch: $"z9hG4bK{i}"));

        Assert.That(merged.Count, Is.EqualTo(2));
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", cseq: 2)), Is.True);
        Assert.That(IsMerged(merged, Msg.Request("OPTIONS", cseq: 3)), Is.False);
    }

    private NonInviteServerTransaction Add(MergedRequests merged, SipMessage request)
    {
        using (request)
        {
            var transaction = new NonInviteServerTransaction(request, false, SipTimers.Default, _log);
            merged.Add(request, transaction);
            return transaction;
        }
    }

    private static bool IsMerged(MergedRequests merged, SipMessage request)
    {
        using (request)
            return merged.IsMerged(request);
    }
}
