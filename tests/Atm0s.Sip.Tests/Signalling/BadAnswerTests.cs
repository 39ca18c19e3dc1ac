using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// A 200 whose lesser fields are wrong is a 200 all the same: without an ACK its phone would ring on (RFC 3261 §13.2.2.4).
/// </summary>
[SingleThreaded]
public sealed class BadAnswerTests
{
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _peer = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _server = _world.StartServer(new TestHost().Handlers);
        _peer = new ScriptedPhone(_world, "peer", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("Contact: <sip:bob@10.0.3.1:5060>;expires=", "sip:bob@10.0.3.1:5060")]
    [TestCase("Contact: Bob, Jr <sip:bob@10.0.3.1:5060>", "sip:bob@10.0.3.1:5060")]
    [TestCase("Contact: \"Bob\" sip:bob@10.0.3.1:5060", "sip:bob@10.0.3.1:5060")]
    [TestCase("Contact: <sip:bob@10.0.3.1:5060>\r\nRecord-Route: <nowhere", "sip:bob@10.0.3.1:5060")]
    [TestCase("Contact: 17", "sip:123@10.0.3.1")]
    [TestCase("Contact: <sip:bob@10.0.3.1:5060>\r\nExpires: never", "sip:bob@10.0.3.1:5060")]
    public void Answer_IsAcknowledged_AndTheCallCanBeEnded(string headers, string target)
    {
        var call = _world.Await(_server.CallServerAsync("room1", "sip:123@10.0.3.1", "456").AsTask());
        var invite = _peer.WaitForRequest("INVITE");
        _peer.Send(
            $"SIP/2.0 200 OK\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=x\r\n"
            + $"Call-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"]}\r\n{headers}\r\n"
            + $"Content-Type: application/sdp\r\nContent-Length: {_peer.Sdp.Length}\r\n\r\n{_peer.Sdp}");
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_peer.WaitForRequest("ACK").StartLine, Is.EqualTo($"ACK {target} SIP/2.0"));
        _ = call.HangUpAsync();
        Assert.That(_peer.WaitForRequest("BYE").StartLine, Is.EqualTo($"BYE {target} SIP/2.0"));
    }
}
