using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.2.1")]
public class InviteServerTests
{
    private ServerLog _log = null!;

    [SetUp]
    public void SetUp() => _log = new ServerLog();

    [Test]
    public void Proceeding_UserSilent_100After200Ms([Values] bool isReliable)
    {
        var machine = Start(isReliable);

        _log.RunTo(machine, 1000);

        Assert.That(_log.Events, Is.EqualTo(new[] { (200.0, "send 100") }));
        Assert.That(Msg.Lines(_log.Sent[0], "To"), Has.One.Not.Contain("tag="));
        Assert.That(machine.State, Is.EqualTo(TransactionState.Proceeding));
    }

    [Test]
    public void Proceeding_UserAnswersInTime_NoAutomatic100()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 180);

        _log.RunTo(machine, 1000);

        Assert.That(_log.What, Is.EqualTo(new[] { "send 180" }));
    }

    [Test]
    public void Proceeding_InviteAgain_LastProvisionalIdentically()
    {
        var machine = Start(isReliable: false);
        Receive(machine, "INVITE");
        Receive(machine, "INVITE");
        Respond(machine, 180);
        Receive(machine, "INVITE");
        Respond(machine, 183);
        Receive(machine, "INVITE");
        Receive(machine, "ACK");

        Assert.That(_log.What, Is.EqualTo(new[] { "send 100", "send 100", "send 180", "send 180", "send 183", "send 183" }));
        for (var i = 0; i < _log.Sent.Count; i += 2)
            Assert.That(_log.Sent[i + 1], Is.EqualTo(_log.Sent[i]));
    }

    [Test]
    public void Completed_Unreliable_RepeatsAtTimerGCappedAtT2UntilTimerH()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 486);

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500 }));
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
        Assert.That(_log.Events[^2..], Is.EqualTo(new[] { (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Completed_Reliable_SendsOnceTimerHStillRuns()
    {
        var machine = Start(isReliable: true);
        Respond(machine, 486);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (0.0, "send 486"), (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Completed_InviteAgain_FinalIdenticallyAndTimerGUndisturbed()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 486);
        _log.RunTo(machine, 0.25);
        Receive(machine, "INVITE");
        _log.RunTo(machine, 1.5);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 0, 250, 500, 1500 }));
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
    }

    [Test]
    public void Confirmed_Unreliable_AbsorbsUntilTimerI()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 486);
        _log.RunTo(machine, 2);
        Receive(machine, "ACK", "t1");
        Assert.That(machine.State, Is.EqualTo(TransactionState.Confirmed));
        _log.Events.Clear();
        _log.RunTo(machine, 3);
        Receive(machine, "ACK", "t1");
        Receive(machine, "INVITE");
        machine.OnTransportError(_log.Now);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (7000.0, "terminated") }));
    }

    [Test]
    public void Ack_Reliable_TerminatesAtOnce()
    {
        var machine = Start(isReliable: true);
        Respond(machine, 404);

        Receive(machine, "ACK", "t1");

        Assert.That(_log.What, Is.EqualTo(new[] { "send 404", "terminated" }));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    [Property("rfc", "6026-7.1")]
    public void Accepted_AbsorbsInvitesPassesAcksUntilTimerL([Values] bool isReliable)
    {
        var machine = Start(isReliable);
        Respond(machine, 180);
        Respond(machine, 200);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Accepted));
        _log.RunTo(machine, 1);
        Receive(machine, "INVITE");
        Receive(machine, "ACK", "t1");
        Receive(machine, "ACK", "t1");

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[]
        {
            (0.0, "send 180"), (0.0, "send 200"), (1000.0, "tu ACK"), (1000.0, "tu ACK"), (32000.0, "terminated"),
        }));
    }

    [Test]
    [Property("rfc", "6026-8.7")]
    public void Accepted_Further2xx_IsSentAndOthersRefused()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 200);

        Assert.That(Respond(machine, 200), Is.True);
        Assert.That(Respond(machine, 486), Is.False);
        Assert.That(Respond(machine, 180), Is.False);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 200", "send 200" }));
    }

    [Test]
    public void Completed_FurtherResponses_AreRefused([Values(180, 200, 487)] int status)
    {
        var machine = Start(isReliable: false);
        Respond(machine, 486);

        Assert.That(Respond(machine, status), Is.False);
        Receive(machine, "ACK", "t1");
        Assert.That(Respond(machine, status), Is.False);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 486" }));
    }

    [Test]
    [Property("rfc", "6026-8.8")]
    public void TransportError_UserHearsAndTransactionLivesOn([Values(180, 200, 486)] int status)
    {
        var machine = Start(isReliable: true);
        _log.CanSend = false;
        Respond(machine, status);

        Assert.That(_log.What, Is.EqualTo(new[] { $"send {status}", "transport error" }));
        Assert.That(machine.IsTerminated, Is.False);
    }

    [Test]
    public void Rfc2543_AckWithOtherToTag_IsNotOurs()
    {
        const string via = "SIP/2.0/UDP pc.atlanta.example;branch=1";
        using var invite = Msg.Request("INVITE", via: via);
        var machine = new InviteServerTransaction(invite, false, SipTimers.Default, _log);
        machine.Start(TimeSpan.Zero);
        machine.Respond(TimeSpan.Zero, 486, Msg.Answer(invite, 486, "t1"));

        using var other = Msg.Request("ACK", via: via, toTag: "t2");
        machine.OnRequest(TimeSpan.Zero, other);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Completed));
        using var ours = Msg.Request("ACK", via: via, toTag: "T1");
        machine.OnRequest(TimeSpan.Zero, ours);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Confirmed));
    }

    [Test]
    public void Create_NoInvite_Throws()
    {
        using var options = Msg.Request("OPTIONS");

        Assert.That(() => new InviteServerTransaction(options, false, SipTimers.Default, _log), Throws.ArgumentException);
    }

    [TestCase(99)]
    [TestCase(700)]
    public void Respond_StatusOutOfRange_Throws(int status)
    {
        var machine = Start(isReliable: false);

        Assert.That(() => machine.Respond(TimeSpan.Zero, status, new byte[1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private InviteServerTransaction Start(bool isReliable)
    {
        using var invite = Msg.Request("INVITE");
        var machine = new InviteServerTransaction(invite, isReliable, SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }

    private bool Respond(InviteServerTransaction machine, int status) => machine.Respond(_log.Now, status, Msg.ResponseBytes(status));

    private void Receive(InviteServerTransaction machine, string method, string? toTag = null)
    {
        using var request = Msg.Request(method, toTag: toTag);
        machine.OnRequest(_log.Now, request);
    }
}
