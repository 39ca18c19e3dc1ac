using Atm0s.Sip.TestKit.Network;

namespace Atm0s.Sip.Tests.Calls.Races;

/// <summary>Calls over a network that loses much of the signalling (RFC 3261 §17): so many are up within 32 s.</summary>
[SingleThreaded]
public sealed class LossTests
{
    private const int Calls = 1_000;

    [TestCase(0.1, 1.0)]
    [TestCase(0.2, 0.999)]
    [TestCase(0.3, 0.99)]
    public async Task OfThousandCalls_SoManyAreUpWithin32Seconds_AndNoneJoinsTwice(double loss, double share)
    {
        await using var all = new TwoServers(11, static options =>
        {
            options.Calls.MaxUnconfirmed = 10_000;
            options.Calls.MaxUnconfirmedPerSource = 10_000;
        });
        all.World.Network.Conditions = new LinkConditions { Loss = loss, Duplication = 0.05, Reordering = 0.05 };
        var calls = new List<ISipCall>(Calls);
        for (var begun = 0; begun < Calls; begun += 50)
        {
            for (var i = 0; i < 50; i++)
                calls.Add(all.Call(all.A));
            all.Pass(1);
        }

        all.Pass(32);
        var up = calls.Count(call => call.State == CallState.Answered && all.B.Find(call.Info.SipCallId)?.State == CallState.Answered);
        TestContext.Out.WriteLine($"{loss:P0} lost: {up} of {Calls} calls are up");
        Assert.That(up, Is.GreaterThanOrEqualTo((int)Math.Ceiling(share * Calls)));
        Assert.That(all.B.Server.Calls.Select(call => call.Info.SipCallId), Is.Unique, "a repeated INVITE is no second call");
        Assert.That(all.B.Server.Rooms.Single().Members, Is.EqualTo(all.B.Server.Calls.Count(call => call.State == CallState.Answered)));
    }
}
