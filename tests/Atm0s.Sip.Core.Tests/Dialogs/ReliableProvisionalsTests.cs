using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Tests.Requests;
using Atm0s.Sip.Core.Tests.Transactions;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3262-3")]
internal sealed class ReliableProvisionalsTests
{
    private PrackOutput _log = null!;

    [SetUp]
    public void SetUp() => _log = new PrackOutput { Now = TimeSpan.FromSeconds(1) };

    [TestCase(0, 1u)]
    [TestCase(int.MaxValue - 1, 2_147_483_647u)]
    public void FirstNumber_1To2Pow31Minus1(int random, uint first) =>
        Assert.That(Machine(random).NextRSeq, Is.EqualTo(first));

    [Test]
    public void NoPrack_RepeatsDoublingWithoutCapAndGivesUpAfter64T1()
    {
        var machine = Machine();
        Send(machine, 183);

        _log.RunTo(machine, 100);

        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 1000, 1500, 2500, 4500, 8500, 16500, 32500 }));
        Assert.That(_log.Events[^1], Is.EqualTo((33000.0, "timeout")));
        Assert.That(_log.Count("timeout"), Is.EqualTo(1));
        Assert.That(Send(machine, 183), Is.False, "given up");
        Assert.That(Prack(machine, 10), Is.EqualTo(PrackVerdict.NoMatch));
    }

    [Test]
    public void Prack_StopsTheRepetition()
    {
        var machine = Machine();
        Send(machine, 183);
        _log.RunTo(machine, 2);

        Assert.That(Prack(machine, 10), Is.EqualTo(PrackVerdict.Ok));
        Assert.That(Prack(machine, 10), Is.EqualTo(PrackVerdict.NoMatch), "acknowledged already");

        _log.RunTo(machine, 100);
        Assert.That(_log.SentAt, Is.EqualTo(new double[] { 1000, 1500 }));
        Assert.That(machine.IsIdle, Is.True);
    }

    [TestCase("RAck: 10 7 INVITE", PrackVerdict.Ok)]
    [TestCase("RAck: 10\t7   INVITE", PrackVerdict.Ok)]
    [TestCase("RAck: 11 7 INVITE", PrackVerdict.NoMatch)]
    [TestCase("RAck: 10 8 INVITE", PrackVerdict.NoMatch)]
    [TestCase("RAck: 10 7 UPDATE", PrackVerdict.NoMatch)]
    [TestCase("RAck: 10 7 invite", PrackVerdict.NoMatch)]
    [TestCase("RAck: 10 7", PrackVerdict.Malformed)]
    [TestCase("RAck: x 7 INVITE", PrackVerdict.Malformed)]
    [TestCase("Subject: none", PrackVerdict.Malformed)]
    public void Prack_MatchesByAllOfRAck(string header, PrackVerdict verdict)
    {
        var machine = Machine();
        Send(machine, 183);
        using var prack = Msg.Request("PRACK", cseq: 8, toTag: "t1", extra: header);

        Assert.That(machine.OnPrack(prack, _log.Now), Is.EqualTo(verdict));
    }

    [Test]
    public void SecondResponse_WaitsForThePrackOfTheFirst()
    {
        var machine = Machine();
        Send(machine, 180);
        Assert.That(machine.NextRSeq, Is.EqualTo(11u), "greater by exactly one");
        Send(machine, 183);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 180" }));
        Assert.That(Prack(machine, 11), Is.EqualTo(PrackVerdict.NoMatch), "it was never sent");

        _log.RunTo(machine, 20);
        Assert.That(Prack(machine, 10), Is.EqualTo(PrackVerdict.Ok));
        Assert.That(_log.What[^1], Is.EqualTo("send 183"));
        _log.RunTo(machine, 20.5);
        Assert.That(_log.Events[^1], Is.EqualTo((20500.0, "send 183")), "its interval begins at T1");
        Assert.That(Prack(machine, 11), Is.EqualTo(PrackVerdict.Ok));
        Assert.That(machine.NextDeadline, Is.Null);
    }

    [Test]
    public void TooManyWithoutPrack_Refused()
    {
        var machine = Machine(capacity: 2);

        Assert.That(new[] { Send(machine, 180), Send(machine, 183), Send(machine, 183) }, Is.EqualTo(new[] { true, true, false }));
        Assert.That(machine.NextRSeq, Is.EqualTo(12u), "no number is lost");
    }

    [Test]
    [Property("rfc", "3262-5")]
    public void Success_WaitsForThePrackOfADescription()
    {
        var machine = Machine();
        Send(machine, 180, hasSdp: false);
        Assert.That(machine.MustHoldSuccess, Is.False);
        Send(machine, 183, hasSdp: true);
        Assert.That(machine.MustHoldSuccess, Is.True, "it waits behind the 180");
        Prack(machine, 10);
        Assert.That((machine.MustHoldSuccess, machine.HasAcknowledgedSdp), Is.EqualTo((true, false)));
        Prack(machine, 11);
        Assert.That((machine.MustHoldSuccess, machine.HasAcknowledgedSdp), Is.EqualTo((false, true)));
    }

    [Test]
    public void Final_NothingIsSentAnyMoreButThePrackIsAnswered()
    {
        var machine = Machine();
        Send(machine, 180);
        Send(machine, 183);
        machine.OnFinal();

        _log.RunTo(machine, 100);
        Assert.That(_log.What, Is.EqualTo(new[] { "send 180" }));
        Assert.That(Send(machine, 183), Is.False);
        Assert.That(Prack(machine, 11), Is.EqualTo(PrackVerdict.NoMatch));
        Assert.That(Prack(machine, 10), Is.EqualTo(PrackVerdict.Ok));
        Assert.That(_log.What, Is.EqualTo(new[] { "send 180" }));
    }

    [TestCase("Supported: timer, 100REL", true, false)]
    [TestCase("Require: 100rel", true, true)]
    [TestCase("Supported: timer", false, false)]
    public void Invite_SaysWhetherItIsPossibleOrMandatory(string header, bool isPossible, bool isMandatory)
    {
        using var invite = Msg.Request("INVITE", extra: header);

        Assert.That(ReliableProvisionals.IsPossible(invite), Is.EqualTo(isPossible));
        Assert.That(ReliableProvisionals.IsMandatory(invite), Is.EqualTo(isMandatory));
    }

    private ReliableProvisionals Machine(int random = 9, int capacity = 8) =>
        new(7, SipTimers.Default, new CountingSipIds { Chooser = _ => random }, _log, capacity);

    private bool Send(ReliableProvisionals machine, int status, bool hasSdp = false) =>
        machine.TrySend(Msg.ResponseBytes(status), hasSdp, _log.Now);

    private PrackVerdict Prack(ReliableProvisionals machine, uint rseq)
    {
        using var prack = Msg.Request("PRACK", cseq: 8, toTag: "t1", extra: $"RAck: {rseq} 7 INVITE");
        return machine.OnPrack(prack, _log.Now);
    }
}
