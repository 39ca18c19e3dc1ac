using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.2.2")]
public class NonInviteServerTests
{
    private ServerLog _log = null!;

    [SetUp]
    public void SetUp() => _log = new ServerLog();

    [Test]
    public void Trying_RequestAgain_IsDiscarded()
    {
        var machine = Start(isReliable: false);
        Receive(machine);
        Receive(machine);

        Assert.That(_log.Events, Is.Empty);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Trying));
    }

    [Test]
    [Property("rfc", "4320-4.2")]
    public void Trying_UserNeverAnswers_TimesOutSilently()
    {
        var machine = Start(isReliable: false);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[] { (32000.0, "timeout"), (32000.0, "terminated") }));
    }

    [Test]
    public void Completed_Unreliable_AnswersIdenticallyUntilTimerJ([Values(200, 404, 603)] int status)
    {
        var machine = Start(isReliable: false);
        _log.Now = TimeSpan.FromSeconds(1);
        Assert.That(Respond(machine, status), Is.True);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Completed));
        Receive(machine);
        _log.RunTo(machine, 20);
        Receive(machine);

        _log.RunTo(machine, 100);

        Assert.That(_log.Events, Is.EqualTo(new[]
        {
            (1000.0, $"send {status}"), (1000.0, $"send {status}"), (20000.0, $"send {status}"), (33000.0, "terminated"),
        }));
        Assert.That(_log.Sent, Is.All.EqualTo(_log.Sent[0]));
    }

    [Test]
    public void Final_Reliable_TerminatesAtOnce()
    {
        var machine = Start(isReliable: true);
        Respond(machine, 200);

        Assert.That(_log.What, Is.EqualTo(new[] { "send 200", "terminated" }));
        Assert.That(machine.NextDeadline, Is.Null);
        Assert.That(Respond(machine, 200), Is.False);
    }

    [Test]
    [Property("rfc", "3261-17.2.2")]
    public void Completed_FurtherFinal_IsRefused()
    {
        var machine = Start(isReliable: false);
        Respond(machine, 200);

        Assert.That(Respond(machine, 404), Is.False);
        Assert.That(Respond(machine, 100), Is.False);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 200" }));
    }

    [Test]
    [Property("rfc", "4320-4.1")]
    public void Provisional_OnlyA100AndOnUdpNotBeforeTimerEIsT2()
    {
        var machine = Start(isReliable: false);
        Assert.That(Respond(machine, 180), Is.False);
        Assert.That(Respond(machine, 100), Is.False);
        _log.Now = TimeSpan.FromSeconds(3.5);
        Assert.That(Respond(machine, 180), Is.False);
        Assert.That(Respond(machine, 100), Is.True);
        Assert.That(machine.State, Is.EqualTo(TransactionState.Proceeding));
        Receive(machine);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 100", "send 100" }));

        _log.RunTo(machine, 100);
        Assert.That(_log.Events[^1], Is.EqualTo((32000.0, "terminated")));
    }

    [Test]
    [Property("rfc", "4320-4.1")]
    public void Provisional_Reliable_A100AtAnyTime()
    {
        var machine = Start(isReliable: true);

        Assert.That(Respond(machine, 100), Is.True);
        Assert.That(Respond(machine, 200), Is.True);
    }

    [Test]
    [Property("rfc", "4320-4.2")]
    public void Final_408_IsNeverSent()
    {
        var machine = Start(isReliable: false);

        Assert.That(Respond(machine, 408), Is.False);
        Assert.That(_log.Events, Is.Empty);
    }

    [Test]
    [Property("rfc", "4320-4.1")]
    public void PrepareTrying_UserSilent_100WhenTimerEIsT2([Values] bool isReliable)
    {
        var machine = Start(isReliable);
        using var request = Msg.Request("REGISTER");
        machine.PrepareTrying(request);

        _log.RunTo(machine, 5);
        Receive(machine);

        Assert.That(_log.Events, Is.EqualTo(new[] { (3500.0, "send 100"), (5000.0, "send 100") }));
    }

    [Test]
    public void PrepareTrying_AnsweredInTime_No100()
    {
        var machine = Start(isReliable: false);
        using var request = Msg.Request("REGISTER");
        machine.PrepareTrying(request);
        Respond(machine, 200);
        machine.PrepareTrying(request);

        _log.RunTo(machine, 100);

        Assert.That(_log.What, Is.EqualTo(new[] { "send 200", "terminated" }));
    }

    [Test]
    public void TransportError_UserHearsAndTransactionLivesOn()
    {
        var machine = Start(isReliable: false);
        _log.CanSend = false;
        Respond(machine, 200);

        Assert.That(_log.What, Is.EqualTo(new[] { "send 200", "transport error" }));
        Assert.That(machine.State, Is.EqualTo(TransactionState.Completed));
    }

    [TestCase("INVITE")]
    [TestCase("ACK")]
    public void Create_MethodWithoutSuchTransaction_Throws(string method)
    {
        using var request = Msg.Request(method);

        Assert.That(() => new NonInviteServerTransaction(request, false, SipTimers.Default, _log), Throws.ArgumentException);
    }

    private NonInviteServerTransaction Start(bool isReliable)
    {
        using var request = Msg.Request("REGISTER");
        var machine = new NonInviteServerTransaction(request, isReliable, SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }

    private bool Respond(NonInviteServerTransaction machine, int status) =>
        machine.Respond(_log.Now, status, Msg.ResponseBytes(status, "REGISTER"));

    private void Receive(NonInviteServerTransaction machine)
    {
        using var request = Msg.Request("REGISTER");
        machine.OnRequest(_log.Now, request);
    }
}
