using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-13.3.1.4")]
public class InviteServer2xxTests
{
    private Repeater _log = null!;

    [SetUp]
    public void SetUp() => _log = new Repeater { Now = TimeSpan.FromSeconds(1) };

    [Test]
    public void NoAck_RepeatsUpToT2AndGivesUpAfter64T1()
    {
        var machine = Start();

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 1500, 2500, 4500, 8500, 12500, 16500, 20500, 24500, 28500, 32500 }));
        Assert.That(_log.Events[^1], Is.EqualTo((33000.0, "timeout")));
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
        Assert.That((machine.IsAcknowledged, machine.NextDeadline), Is.EqualTo((false, (TimeSpan?)null)));
    }

    [Test]
    public void OnAck_OfThisInvite_StopsIt()
    {
        var machine = Start();
        _log.RunTo(machine, 2);
        Assert.That(Ack(machine, 8), Is.False, "of another INVITE");
        Assert.That(machine.NextDeadline, Is.Not.Null);
        Assert.That(Ack(machine, 7), Is.True);
        Assert.That(Ack(machine, 7), Is.False);

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 1500 }));
        Assert.That(machine.IsAcknowledged, Is.True);
    }

    [Test]
    public void OnAck_BeforeStart_NeverStarts()
    {
        var machine = new InviteServer2xx(7, Msg.ResponseBytes(200), SipTimers.Default, _log);
        Ack(machine, 7);
        machine.Start(_log.Now);

        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    public void Stop_EndsItWithoutTimeout()
    {
        var machine = Start();
        machine.Stop();
        machine.Start(_log.Now);
        machine.OnDeadline(TimeSpan.FromHours(1));

        Assert.That(_log.Events, Is.Empty);
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    public void Start_Twice_KeepsTheFirstTimes()
    {
        var machine = Start();
        machine.Start(TimeSpan.FromSeconds(20));

        Assert.That(machine.NextDeadline, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
    }

    private static bool Ack(InviteServer2xx machine, uint cseq)
    {
        using var ack = Msg.Request("ACK", cseq: cseq, toTag: "t1");
        return machine.OnAck(ack);
    }

    private InviteServer2xx Start()
    {
        var machine = new InviteServer2xx(7, Msg.ResponseBytes(200), SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }
}
