using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.1.1")]
public class InviteClientTests
{
    private ClientLog _log = null!;

    [SetUp]
    public void SetUp() => _log = new ClientLog();

    [Test]
    [Property("rfc", "3261-17.1.1.2")]
    public void Calling_Unreliable_RepeatsAtTimerAUntilTimerB()
    {
        var machine = Start(isReliable: false);

        _log.RunTo(machine, 100);

        // T1 doubled without the cap of T2.
        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 500, 1500, 3500, 7500, 15500, 31500 }));
        Assert.That(_log.Events[^2..], Is.EqualTo(new[] { (32000.0, "timeout"), (32000.0, "terminated") }));
        Assert.That(machine.IsTerminated, Is.True);
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    public void Calling_Reliable_SendsOnceAndTimesOut()
    {
        var machine = Start(isReliable: true);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (0.0, "send INVITE"), (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Calling_OtherT1_AllFollowsFromIt()
    {
        var timers = new SipTimers { T1 = TimeSpan.FromMilliseconds(100) };
        var machine = Start(isReliable: false, timers);

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 100, 300, 700, 1500, 3100, 6300 }));
        Assert.That(_log.Events[^1], Is.EqualTo((6400.0, "terminated")));
    }

    [Test]
    public void Calling_WokenLate_TimesOutWithoutMakingUp()
    {
        var machine = Start(isReliable: false);

        machine.OnDeadline(TimeSpan.FromSeconds(40));

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "timeout", "terminated" }));
    }

    [Test]
    public void Calling_WokenEarly_DoesNothing()
    {
        var machine = Start(isReliable: false);

        machine.OnDeadline(TimeSpan.FromMilliseconds(499));

        Assert.That(_log.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void Proceeding_RingsForEverAndPassesEachProvisional([Values] bool isReliable)
    {
        var machine = Start(isReliable);
        Receive(machine, 100);
        Receive(machine, 180);
        Receive(machine, 180);

        _log.RunTo(machine, 100_000);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "tu 100", "tu 180", "tu 180" }));
        Assert.That(machine.State, Is.EqualTo(TransactionState.Proceeding));
        Assert.That(_log.StatesSeenByUser, Is.All.EqualTo(TransactionState.Proceeding));
    }

    [Test]
    public void Final_Unreliable_AcksAndWaitsForTimerD([Values(300, 404, 503, 699)] int status, [Values] bool isRinging)
    {
        var machine = Start(isReliable: false);
        if (isRinging)
            Receive(machine, 180);
        _log.Events.Clear();
        _log.Now = TimeSpan.FromSeconds(1);

        Receive(machine, status);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Completed));
        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (1000.0, "send ACK"), (1000.0, $"tu {status}"), (33000.0, "terminated") }));
    }

    [Test]
    public void Final_Reliable_AcksAndTerminatesAtOnce()
    {
        var machine = Start(isReliable: true);

        Receive(machine, 486);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "send ACK", "tu 486", "terminated" }));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    [Property("rfc", "3261-17.1.1.2")]
    public void Completed_FinalAgain_SameAckAgainAndUserHearsNothing()
    {
        var machine = Start(isReliable: false);
        Receive(machine, 486);
        _log.RunTo(machine, 5);
        Receive(machine, 486);
        Receive(machine, 486);
        Receive(machine, 180);
        Receive(machine, 200);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "send ACK", "tu 486", "send ACK", "send ACK" }));
        Assert.That(_log.Sent[1..], Is.All.EqualTo(_log.Sent[1]));
        Assert.That(machine.NextDeadline, Is.EqualTo(TimeSpan.FromSeconds(32)), "timer D does not start again");
    }

    [Test]
    public void Completed_LongT1_TimerDIsNotBelowItsMinimum()
    {
        Assert.That(new SipTimers { T1 = TimeSpan.FromMilliseconds(100) }.TimerD(reliable: false), Is.EqualTo(TimeSpan.FromSeconds(32)));
        Assert.That(new SipTimers { T1 = TimeSpan.FromSeconds(1) }.TimerD(reliable: false), Is.EqualTo(TimeSpan.FromSeconds(64)));
        Assert.That(SipTimers.Default.TimerD(reliable: true), Is.Zero.Or.EqualTo(TimeSpan.Zero));
    }

    [Test]
    [Property("rfc", "6026-8.4")]
    public void Accepted_PassesEvery2xxUntilTimerM([Values] bool isReliable)
    {
        var machine = Start(isReliable);
        Receive(machine, 200);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Accepted));
        _log.RunTo(machine, 10);
        Receive(machine, 200);
        Receive(machine, 200, toTag: "t2");
        Receive(machine, 486, toTag: "t3");
        Receive(machine, 180, toTag: "t4");
        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[]
        {
            (0.0, "send INVITE"), (0.0, "tu 200"), (10000.0, "tu 200"), (10000.0, "tu 200"), (32000.0, "terminated"),
        }));
    }

    [Test]
    public void Terminated_TakesNothingMore()
    {
        var machine = Start(isReliable: true);
        Receive(machine, 404);
        var count = _log.Events.Count;

        Receive(machine, 404);
        Receive(machine, 200);
        machine.OnTransportError(_log.Now);
        machine.OnDeadline(TimeSpan.FromDays(1));

        Assert.That(_log.Events, Has.Count.EqualTo(count));
    }

    [Test]
    [Property("rfc", "3261-17.1.4")]
    public void TransportError_CallingProceedingCompleted_EndsIt([Values(0, 180, 486)] int before)
    {
        var machine = Start(isReliable: false);
        if (before > 0)
            Receive(machine, before);
        _log.Events.Clear();

        machine.OnTransportError(_log.Now);
        machine.OnTransportError(_log.Now);

        Assert.That(_log.What, Is.EqualTo(new[] { "transport error", "terminated" }));
    }

    [Test]
    [Property("rfc", "6026-7.2")]
    public void TransportError_Accepted_IsIgnored()
    {
        var machine = Start(isReliable: false);
        Receive(machine, 200);

        machine.OnTransportError(_log.Now);

        Assert.That(machine.State, Is.EqualTo(TransactionState.Accepted));
    }

    [Test]
    public void Start_CannotSend_EndsAtOnce()
    {
        _log.CanSend = false;
        var machine = Start(isReliable: true);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "transport error", "terminated" }));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    public void Final_AckCannotBeSent_UserHearsOfTheTransport()
    {
        var machine = Start(isReliable: false);
        _log.CanSend = false;
        Receive(machine, 486);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "send ACK", "transport error", "terminated" }));
        Assert.That(_log.Count("terminated"), Is.EqualTo(1));
        Assert.That(machine.IsTerminated, Is.True);
    }

    [Test]
    public void Start_Twice_Throws()
    {
        var machine = Start(isReliable: false);

        Assert.That(() => machine.Start(TimeSpan.Zero), Throws.InvalidOperationException);
    }

    private InviteClientTransaction Start(bool isReliable, SipTimers? timers = null)
    {
        var machine = new InviteClientTransaction(Msg.Branch, Msg.Bytes("INVITE"), isReliable, timers ?? SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }

    private void Receive(InviteClientTransaction machine, int status, string toTag = "t1")
    {
        using var response = Msg.Response(status, toTag: toTag);
        machine.OnResponse(_log.Now, response);
    }
}
