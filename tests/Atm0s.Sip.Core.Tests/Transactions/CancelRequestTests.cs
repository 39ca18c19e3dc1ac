using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-9.1")]
public class CancelRequestTests
{
    private ClientLog _log = null!;

    [SetUp]
    public void SetUp() => _log = new ClientLog();

    [Test]
    public void TryCreate_TakesOverWhatTheSectionSays()
    {
        var invite = Msg.Bytes(
            "INVITE", cseq: 5,
            extra: "Via: SIP/2.0/UDP b.example;branch=z9hG4bKb\nRoute: <sip:p1.example;lr>\nRequire: x\nProxy-Require: y\nAuthorization: "
            + "Digest u=\"a\"");

        Assert.That(CancelRequest.TryCreate(invite, out var cancel), Is.True);

        Assert.That(Msg.StartLine(cancel), Is.EqualTo("CANCEL sip:bob@biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(cancel, "Via"), Is.EqualTo(Msg.Lines(invite, "Via")[..1]));
        Assert.That(Msg.Lines(cancel, "CSeq"), Is.EqualTo(new[] { "5 CANCEL" }));
        foreach (var name in new[] { "From", "To", "Call-ID", "Route" })
            Assert.That(Msg.Lines(cancel, name), Is.EqualTo(Msg.Lines(invite, name)), name);
        foreach (var name in new[] { "Require", "Proxy-Require", "Authorization" })
            Assert.That(Msg.Lines(cancel, name), Is.Empty, name);
    }

    [Test]
    public void TryCreate_NoInvite_False()
    {
        Assert.That(CancelRequest.TryCreate(Msg.Bytes("OPTIONS"), out _), Is.False);
        Assert.That(CancelRequest.TryCreate("x"u8, out _), Is.False);
    }

    [Test]
    public void TryCancel_OnlyOnceAndOnlyBetweenProvisionalAndFinal()
    {
        var machine = Start();
        Assert.That(machine.TryCancel(_log.Now, out _), Is.False);
        Receive(machine, 180);
        Assert.That(machine.CanCancel, Is.True);
        Assert.That(machine.TryCancel(_log.Now, out var cancel), Is.True);
        Assert.That(cancel, Is.Not.Null);
        Assert.That(machine.TryCancel(_log.Now, out _), Is.False);
        Assert.That(machine.IsCancelled, Is.True);
    }

    [Test]
    public void TryCancel_AfterFinal_False([Values(200, 404)] int status)
    {
        var machine = Start();
        Receive(machine, 180);
        Receive(machine, status);

        Assert.That(machine.TryCancel(_log.Now, out _), Is.False);
    }

    [Test]
    public void TryCancel_NoFinalWithin64T1_InviteTimesOut()
    {
        var machine = Start();
        Receive(machine, 180);
        _log.RunTo(machine, 100);
        machine.TryCancel(_log.Now, out _);
        _log.RunTo(machine, 110);
        Receive(machine, 180);

        _log.RunTo(machine, 1000);

        Assert.That(_log.Events[^2..], Is.EqualTo(new[] { (132000.0, "timeout"), (132000.0, "terminated") }));
    }

    [Test]
    public void TryCancel_487_CompletesAsEver()
    {
        var machine = Start();
        Receive(machine, 180);
        machine.TryCancel(_log.Now, out _);
        Receive(machine, 487);

        _log.RunTo(machine, 100);

        Assert.That(_log.What, Is.EqualTo(new[] { "send INVITE", "tu 180", "send ACK", "tu 487", "terminated" }));
    }

    [Test]
    [Property("rfc", "3261-9.2")]
    public void TryGetCancelled_FindsItsInviteOnly()
    {
        var server = new ServerLog();
        var table = new TransactionTable();
        using var invite = Msg.Request("INVITE");
        using var options = Msg.Request("OPTIONS", branch: "z9hG4bKother");
        var machine = new InviteServerTransaction(invite, false, SipTimers.Default, server);
        var optionsMachine = new NonInviteServerTransaction(options, false, SipTimers.Default, server);
        table.TryAdd(machine);
        table.TryAdd(optionsMachine);
        CancelRequest.TryCreate(invite.Raw, out var bytes);
        using var cancel = Msg.Parse(bytes);

        Assert.That(table.TryGetCancelled(cancel, out var found), Is.True);
        Assert.That(found, Is.EqualTo(machine.Key));
        Assert.That(table.TryGetServer(cancel, out _), Is.False, "a CANCEL is a transaction of its own");
        using var stray = Msg.Request("CANCEL", branch: "z9hG4bKnone");
        Assert.That(table.TryGetCancelled(stray, out _), Is.False);
        using var ofOptions = Msg.Request("CANCEL", branch: "z9hG4bKother");
        Assert.That(table.TryGetCancelled(ofOptions, out found), Is.True);
        Assert.That(found, Is.EqualTo(optionsMachine.Key));
    }

    [TestCase("INVITE", null)]
    [TestCase("INFO", "t1")]
    [Property("rfc", "3261-9.2")]
    public void TryGetCancelled_Rfc2543Peer(string method, string? toTag)
    {
        const string via = "SIP/2.0/UDP old.example";
        var table = new TransactionTable();
        using var request = Msg.Request(method, via: via, toTag: toTag);
        ServerTransaction machine = method == "INVITE"
            ? new InviteServerTransaction(request, false, SipTimers.Default, new ServerLog())
            : new NonInviteServerTransaction(request, false, SipTimers.Default, new ServerLog());
        table.TryAdd(machine);
        using var cancel = Msg.Request("CANCEL", via: via, toTag: toTag);
        using var other = Msg.Request("CANCEL", via: via, toTag: toTag, cseq: 2);

        Assert.That(table.TryGetCancelled(cancel, out var found), Is.True);
        Assert.That(found, Is.EqualTo(machine.Key));
        Assert.That(table.TryGetCancelled(other, out _), Is.False);
    }

    private InviteClientTransaction Start()
    {
        var machine = new InviteClientTransaction(Msg.Branch, Msg.Bytes("INVITE"), isReliable: true, SipTimers.Default, _log);
        machine.Start(_log.Now);
        return machine;
    }

    private void Receive(InviteClientTransaction machine, int status)
    {
        using var response = Msg.Response(status);
        machine.OnResponse(_log.Now, response);
    }
}
