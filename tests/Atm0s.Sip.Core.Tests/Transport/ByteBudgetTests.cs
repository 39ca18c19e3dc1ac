using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Memory of a listener's connections: who is greedy takes from itself.</summary>
[TestFixture]
[Property("threat", "S5")]
public sealed class ByteBudgetTests
{
    private const int Max = 64 * 1024 * 1024;
    private const int Step = 64 * 1024;

    [TestCase(true)]
    [TestCase(false)]
    public void OneSource_HasASixteenth_HoweverManyConnectionsItHas(bool isReceived)
    {
        var budget = new ByteBudget(Max);
        for (var i = 0; i < 256; i++)
            Fill(budget.ShareOf(IPAddress.Parse("192.0.2.1"), isReceived));
        Assert.That(budget.Used, Is.EqualTo(Max / ByteBudget.Sources));
    }

    [Test]
    public void AddressesOfOneNetwork_AreOneSource()
    {
        var budget = new ByteBudget(Max);
        for (var i = 1; i < 100; i++)
            Fill(budget.ShareOf(IPAddress.Parse($"2001:db8::{i}"), isReceived: true));
        Assert.That(budget.Used, Is.EqualTo(Max / ByteBudget.Sources));
    }

    [Test]
    public void MessagesThatAreHalfReceived_LeaveHalfOfIt_ToWhatIsSent()
    {
        var budget = new ByteBudget(Max);
        for (var i = 1; i < 200; i++)
            Fill(budget.ShareOf(IPAddress.Parse($"192.0.2.{i}"), isReceived: true));
        Assert.That(budget.Used, Is.EqualTo(Max / 2));
        // Some source has a counter of its own.
        Assert.That(
            Enumerable.Range(1, 30).Any(i => budget.ShareOf(IPAddress.Parse($"198.51.100.{i}"), isReceived: false).TryTake(Step)));
    }

    [Test]
    public void WhatIsGivenBack_IsThereAgain()
    {
        var budget = new ByteBudget(Max);
        foreach (var isReceived in new[] { true, false })
        {
            var share = budget.ShareOf(IPAddress.Loopback, isReceived);
            for (var round = 0; round < 3; round++)
            {
                var count = Fill(share);
                Assert.That(count, Is.EqualTo(Max / ByteBudget.Sources / Step));
                for (; count > 0; count--)
                    share.Return(Step);
                Assert.That(budget.Used, Is.Zero);
            }
        }
    }

    private static int Fill(ByteShare share)
    {
        var count = 0;
        while (share.TryTake(Step))
            count++;
        return count;
    }
}
