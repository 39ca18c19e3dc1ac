using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17")]
public class LossyLinkTests
{
    private static readonly int[] Statuses = [200, 302, 404, 486, 503, 603];

    [Test]
    public void BothSidesEndAndTheUserSeesOneOutcome([Values(SipMethod.Invite, SipMethod.Options)] SipMethod method)
    {
        int answered = 0, timedOut = 0, serverTimedOut = 0;
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var status = Statuses[random.Next(Statuses.Length)];
            // Every tenth link loses nearly everything, so that time-outs come too.
            var loss = seed % 10 == 0 ? 0.97 : random.NextDouble() * 0.7;
            var link = new LossyLink(random, loss, random.NextDouble() * 0.5, random.Next(2, 3000));
            var pair = new LinkedPair(method, status, TimeSpan.FromMilliseconds(random.Next(0, 12_000)), random.Next(2) == 0, link);

            var what = $"{method} {status}, seed {seed}, loss {loss:F2}";
            Assert.That(pair.Run(), Is.True, $"{what}: still alive at {pair.Now}");
            Assert.That(pair.Left, Is.Zero, what);
            Assert.That(pair.Client.IsTerminated, Is.True, what);
            Assert.That(pair.ClientEnds, Is.EqualTo(1), what);
            Assert.That(pair.ServerEnds, Is.EqualTo(pair.ServersStarted), what);
            Assert.That(pair.Finals.Count + pair.Timeouts, Is.EqualTo(1), what);
            Assert.That(pair.Finals, Is.All.EqualTo(status), what);
            answered += pair.Finals.Count;
            timedOut += pair.Timeouts;
            serverTimedOut += pair.ServerTimeouts;
        }

        // The seeds must have reached both outcomes, or the test proves nothing.
        Assert.That(answered, Is.GreaterThan(300));
        Assert.That(timedOut, Is.GreaterThan(10));
        if (method == SipMethod.Invite)
            Assert.That(serverTimedOut, Is.GreaterThan(5));
    }

    [Test]
    public void PerfectLink_ServerIsAskedOnce([Values(SipMethod.Invite, SipMethod.Options)] SipMethod method, [Values(200, 486)] int status)
    {
        var pair = new LinkedPair(method, status, TimeSpan.Zero, rings: true, new LossyLink(new Random(1), 0, 0, 2));

        Assert.That(pair.Run(), Is.True);
        Assert.That(pair.Finals, Is.EqualTo(new[] { status }));
        Assert.That((pair.ServersStarted, pair.ServerTimeouts), Is.EqualTo((1, 0)));
    }
}
