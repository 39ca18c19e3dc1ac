using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Who knows the Call-ID of a call, and not its tags, changes nothing in it (RFC 3261 §12.2.2).</summary>
[SingleThreaded]
public sealed class GuessedDialogTests
{
    private SignallingWorld _all = null!;
    private SipText _invite = null!;
    private SipText _ok = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld();
        (_invite, _ok) = _all.Answered();
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void WrongTags_Are481_AndTheCallIsAsItWas(
        [Values("BYE", "INVITE", "UPDATE", "INFO", "REFER", "MESSAGE", "NOTIFY")] string method,
        [Values("from", "to", "both")] string wrong,
        [Values] bool fromItsPhone)
    {
        var phone = fromItsPhone ? _all.Alice : _all.Stranger;
        phone.Received.Clear();
        for (var i = 0; i < 20; i++)
        {
            phone.Send(InDialog(phone, method, wrong != "to", wrong != "from", i));
            _all.World.Advance(TimeSpan.FromMilliseconds(20));
        }

        var answers = phone.Received.Where(m => m.IsResponse && m.Method == method && m.Status >= 200).ToList();
        Assert.That(answers.Select(m => m.Status), Has.Exactly(20).EqualTo(481).And.All.EqualTo(481));
        Assert.That(answers.Select(m => m.Raw), Has.None.Contains("m=audio"), "nothing of the session is told");
        var call = _all.Server.Calls.Single();
        Assert.That((call.State, call.IsOnHold), Is.EqualTo((CallState.Answered, false)));
        Assert.That(_all.ServerTransactions, Is.LessThanOrEqualTo(3 + (method == "INVITE" ? 20 : 0)), "of the call's own");
        _all.Alice.InDialog("BYE", _invite, _ok);
        Assert.That(_all.Alice.WaitForResponse("BYE", 200).Status, Is.EqualTo(200));
    }

    [Test]
    public void CancelWithAnotherBranch_Is481_AndItRingsOn()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(Hooks.InviteDecision.WaitForOthers("other"));
        var invite = _all.Alice.Invite("room2", "c8");
        _all.World.RunUntil(() => _all.Server.Calls.Any(call => call.Info.SipCallId == "c8"));
        _all.Stranger.Send(
            $"CANCEL sip:room2@test.local SIP/2.0\r\nVia: SIP/2.0/UDP {_all.Stranger.Address};branch=z9hG4bKguess;rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["From"]}\r\nTo: <sip:room2@test.local>\r\nCall-ID: c8\r\n"
            + $"CSeq: {invite["CSeq"].Split(' ')[0]} CANCEL\r\nContent-Length: 0\r\n\r\n");
        Assert.That(_all.Stranger.WaitFor(m => m.IsResponse && m.Method == "CANCEL").Status, Is.EqualTo(481));
        Assert.That(_all.Server.Calls.Any(call => call.Info.SipCallId == "c8" && call.State != CallState.Ended), Is.True);
    }

    private string InDialog(ScriptedPhone phone, string method, bool wrongFrom, bool wrongTo, int number)
    {
        var from = wrongFrom ? $"<sip:alice@test.local>;tag=guess{number}" : _invite["From"];
        var to = wrongTo ? $"<sip:room1@test.local>;tag=guess{number}" : _ok["To"];
        var body = method is "INVITE" or "UPDATE" ? phone.Sdp : "";
        return $"{method} sip:room1@10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {phone.Address};branch={phone.NewBranch()};rport\r\n"
            + $"Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: c1\r\nCSeq: {100 + number} {method}\r\n{phone.Contact()}"
            + (method == "REFER" ? "Refer-To: <sip:x@test.local>\r\n" : "")
            + (method == "NOTIFY" ? "Event: refer\r\nSubscription-State: active\r\n" : "")
            + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "") + $"Content-Length: {body.Length}\r\n\r\n{body}";
    }
}
