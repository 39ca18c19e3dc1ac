using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Why a phone ended a call, where it says so (RFC 3326).</summary>
[SingleThreaded]
public sealed class ToldReasonTests
{
    private const string Reason = "Q.850;cause=31;text=\"normal, unspecified\"";

    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void ReasonOfABye_IsTold()
    {
        var (invite, ok) = _all.Answered();
        _all.Alice.InDialog("BYE", invite, ok, extra: $"Reason: {Reason}\r\n");
        _all.Alice.WaitForResponse("BYE", 200);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Failure!.Reason, Is.EqualTo(Reason));
    }

    [TestCase("Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n", "SIP;cause=200;text=\"Call completed elsewhere\"")]
    [TestCase("", null)]
    public void ReasonOfACancel_IsTold(string field, string? told)
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.Alice.WaitForResponse("INVITE", 180);
        _all.Alice.Send(
            $"CANCEL {invite.StartLine.Split(' ')[1]} SIP/2.0\r\nVia: {invite["Via"]}\r\nMax-Forwards: 70\r\nFrom: {invite["From"]}\r\n"
            + $"To: {invite["To"]}\r\nCall-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"].Split(' ')[0]} CANCEL\r\n{field}"
            + "Content-Length: 0\r\n\r\n");
        _all.Alice.WaitForResponse("INVITE", 487);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        var ended = _all.Host.End(CallDirection.Incoming)!;
        Assert.That((ended.Cause, ended.Failure?.Reason), Is.EqualTo((CallEndCause.Cancelled, told)));
    }
}
