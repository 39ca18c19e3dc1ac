using System.Text;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Descriptions beside other bodies (RFC 5621), and in the wrong response (RFC 3261 §13.2.1).</summary>
[SingleThreaded]
public sealed class BodyTests
{
    private const string Mixed = "multipart/mixed;boundary=frontier";

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options => options.Authentication.RequireForCalls = false);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void SdpBesideIsup_IsAnswered_AlsoInTheDialog()
    {
        var invite = Invite(Mixed, WithIsup(SdpText.Of("8")));
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _alice.Received.Clear();
        _alice.Send(DialogText.Of(_alice, invite, ok, "INVITE", 50, Mixed, WithIsup(SdpText.Of("8", lines: "a=sendonly"))));

        Assert.That(ok.Body, Does.Contain("RTP/AVP 8"));
        Assert.That(_alice.WaitForResponse("INVITE", 200).Body, Does.Contain("a=recvonly"));
    }

    [Test]
    public void AnswerBesideIsup_InAnAck_IsTaken()
    {
        var invite = Invite("", "");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Send(DialogText.Of(_alice, invite, ok, "ACK", int.Parse(invite["CSeq"].Split(' ')[0]), Mixed, WithIsup(SdpText.Of("8"))));
        _world.Advance(TimeSpan.FromMilliseconds(100));

        Assert.That(_server.Calls.Single().GetStatistics()!.Codec, Is.EqualTo("PCMA"));
    }

    [TestCase("text/plain", "hello", 415)]
    [TestCase(Mixed, "--frontier\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n--frontier--", 415)]
    [TestCase("application/sdp", "hello", 400)]
    public void BodyThatIsNotUnderstood_IsRefused(string type, string body, int status)
    {
        Invite(type, body);
        var refused = _alice.WaitForResponse("INVITE", status);

        Assert.That(refused["Accept"], status == 415 ? Does.Contain("application/sdp").And.Contain("multipart/mixed") : Is.Empty);
        Assert.That(_host.Invited, Is.Empty);
    }

    [TestCase("", 200)]
    [TestCase("Content-Disposition: signal\r\n", 200)]
    [TestCase("Content-Disposition: signal;handling=required\r\n", 415)]
    public void UnknownPartBesideTheOffer_CountsOnlyWhenItSaysSo(string disposition, int status)
    {
        var part = $"--frontier\r\nContent-Type: application/isup\r\n{disposition}\r\nxyz\r\n";
        var offer = $"--frontier\r\nContent-Type: application/sdp\r\n\r\n{SdpText.Of("8")}\r\n";
        foreach (var body in new[] { part + offer + "--frontier--", offer + part + "--frontier--" })
        {
            _alice.Received.Clear();
            Invite(Mixed, body);
            Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status >= 200).Status, Is.EqualTo(status));
        }
    }

    // RFC 3261 §20.11
    [Test]
    public void OptionalBody_IsPassedOver_AndTheOfferIsOurs()
    {
        Invite("text/plain", "hello", "Content-Disposition: icon;handling=optional\r\n");

        Assert.That(_alice.WaitForResponse("INVITE", 200).Body, Does.Contain("m=audio"));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, false)]
    public void AnswerInTheProvisionalResponseOnly_IsTaken(bool early, bool isOtherPhone)
    {
        _alice.Register();
        var session = _host.RegistrationInfos.Single().SessionId;
        var calling = _server.CallClientAsync("room1", session, "100").AsTask();
        var invite = _alice.WaitForRequest("INVITE");
        if (early)
            _alice.Respond(invite, 183, "Session Progress", SdpText.Of("8"), tag: isOtherPhone ? "other" : "answer");
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _alice.Respond(invite, 200, "OK");
        var call = _world.Await(calling);
        var expected = early && !isOtherPhone;

        Assert.That(_world.Await(call.Answered).IsAnswered, Is.EqualTo(expected));
        Assert.That(expected ? call.GetStatistics()!.Codec : "PCMA", Is.EqualTo("PCMA"));
    }

    private static string WithIsup(string sdp) =>
        $"--frontier\r\nContent-Type: application/sdp\r\n\r\n{sdp}\r\n--frontier\r\nContent-Type: application/ISUP\r\n"
        + "Content-Disposition: signal; handling=optional\r\n\r\n\x01\x02\r\n--frontier--\r\n";

    private SipText Invite(string type, string body, string extra = "")
    {
        var headers = extra + (type.Length > 0 ? $"Content-Type: {type}\r\n" : "");
        var text = _alice.Request("INVITE", "room1", "c1", "", _alice.Contact() + headers)
            .Replace("Content-Length: 0", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}", StringComparison.Ordinal) + body;
        _alice.Send(text);
        return new SipText(text);
    }
}
