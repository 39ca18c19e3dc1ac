using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.1.2")]
public class NonInviteClientTests
{
    private ClientLog _log = null!;

    [SetUp]
    public void SetUp() => _log = new ClientLog();

    [Test]
    [Property("rfc", "3261-17.1.2.2")]
    public void Trying_Unreliable_RepeatsAtTimerECappedAtT2UntilTimerF()
    {
        var machine = Start(isReliable: false);

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500 }));
        Assert.That(_log.Events[^2..], Is.EqualTo(new[] { (32000.0, "timeout"), (32000.0, "terminated") }));
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
    }

    [Test]
    public void Trying_Reliable_SendsOnceAndTimesOut()
    {
        var machine = Start(isReliable: true);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (0.0, "send OPTIONS"), (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Proceeding_Unreliable_RepeatsEveryT2AndStillTimesOut()
    {
        var machine = Start(isReliable: false);
        _log.RunTo(machine, 0.6);
        Receive(machine, 100);

        _log.RunTo(machine, 100);

        // Timer E was set to 1500 ms and runs out as it is; then T2.
        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 500, 1500, 5500, 9500, 13500, 17500, 21500, 25500, 29500 }));
        Assert.That(_log.Events[^2..], Is.EqualTo(new[] { (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Proceeding_PassesEachProvisional([Values] bool isReliable)
    {
        var machine = Start(isReliable);
        Receive(machine, 100);
        Receive(machine, 100);
        Receive(machine, 200);

        Assert.That(_log.What[1..4], Is.EqualTo(new[] { "tu 100", "tu 100", "tu 200" }));
        Assert.That(_log.StatesSeenByUser[^1], Is.EqualTo(TransactionState.Completed));
    }

    [Test]
    public void Final_Unreliable_AbsorbsRepetitionsUntilTimerK([Values(200, 302, 404, 500, 603)] int status, [Values] bool afterProvisional)
    {
        var machine = Start(isReliable: false);
        if (afterProvisional)
            Receive(machine, 100);
        _log.Events.Clear();
        _log.Now = TimeSpan.FromMilliseconds(300);
        Receive(machine, status);
        Receive(machine, status);
        Receive(machine, 100);
        machine.OnTransportError(_log.Now);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (300.0, $"tu {status}"), (5300.0, "terminated") }));
    }

    [Test]
    public void Final_Reliable_TerminatesAtOnce()
    {
        var machine = Start(isReliable: true);

        Receive(machine, 404);

        Assert.That(_log.What, Is.EqualTo(new[] { "send OPTIONS", "tu 404", "terminated" }));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    [Property("rfc", "3261-17.1.4")]
    public void TransportError_BeforeFinal_EndsIt([Values] bool afterProvisional)
    {
        var machine = Start(isReliable: false);
        if (afterProvisional)
            Receive(machine, 100);

        machine.OnTransportError(_log.Now);
        Receive(machine, 200);

        Assert.That(_log.What[^2..], Is.EqualTo(new[] { "transport error", "terminated" }));
    }

    [TestCase(SipMethod.Invite)]
    [TestCase(SipMethod.Ack)]
    [TestCase(SipMethod.Other)]
    public void Create_MethodWithoutSuchTransaction_Throws(SipMethod method)
    {
        Assert.That(
            () => new NonInviteClientTransaction(Msg.Branch, method, Msg.Bytes("OPTIONS"), false, SipTimers.Default, _log),
            Throws.ArgumentException);
    }

    [Test]
    public void Create_EmptyRequest_Throws()
    {
        Assert.That(
            () => new NonInviteClientTransaction(Msg.Branch, SipMethod.Options, default, false, SipTimers.Default, _log),
            Throws.ArgumentException);
    }

    private NonInviteClientTransaction Start(bool isReliable)
    {
        var machine = new NonInviteClientTransaction(
            Msg.Branch, SipMethod.Options, Msg.Bytes("OPTIONS"), isReliable, SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }

    private void Receive(NonInviteClientTransaction machine, int status)
    {
        using var response = Msg.Response(status, "OPTIONS");
        machine.OnResponse(_log.Now, response);
    }
}
