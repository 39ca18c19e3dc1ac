using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Phones that name a host as the place of their audio (RFC 8866 §5.7).</summary>
[SingleThreaded]
public sealed class NamedHostTests
{
    private static readonly string Named = SdpText.Of(connection: "IP4 phone.example.org");

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _world.Hosts.Add("phone.example.org", "2001:db8::9", "10.0.2.1");
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options =>
        {
            options.Authentication.OpenNumberPrefixes.Add("open-");
            options.Media.Timeout = TimeSpan.FromMinutes(5);
        });
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Name_IsLookedUp_AndAudioGoesThere()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var (_, ok) = Call(Named);
        rtp.Listen(TimeSpan.FromSeconds(1));

        Assert.That(rtp.Rtp, Has.Count.InRange(45, 55), "before the phone has said anything");
        Assert.That(SdpText.Rtp(ok).Address, Is.EqualTo(IPAddress.Parse("10.0.0.1")));
        Assert.That(_world.Hosts.Asked, Is.EqualTo(new[] { "phone.example.org" }));
    }

    [Test]
    public void Name_IsNotLookedUpForWhoHasNotTheRightPassword()
    {
        _alice.Invite("room1", "c1", Named, password: "guess");
        _alice.WaitForResponse("INVITE", 403);

        Assert.That(_world.Hosts.Asked, Is.Empty);
    }

    [Test]
    public void NameNobodyKnows_Is488_AndTheHostIsNotAsked()
    {
        var invite = _alice.Invite("room1", "c1", SdpText.Of(connection: "IP4 nowhere.example.org"));
        var refused = _alice.WaitForResponse("INVITE", 488);
        _alice.Ack(invite, refused);

        Assert.That(refused["Warning"], Does.StartWith("301 ").And.Contains("not found"));
        Assert.That(_host.Invited, Is.Empty);
        Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
    }

    [Test]
    public void NameThatTakesTooLong_Is488_AfterTwoSeconds()
    {
        _world.Hosts.Wait = static _ => new TaskCompletionSource().Task;
        _alice.Invite("room1", "c1", Named);
        _world.RunUntil(() => _world.Hosts.Asked.Count == 1);
        _world.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(_alice.Received, Has.None.Property("Status").EqualTo(488));
        _alice.WaitForResponse("INVITE", 488, TimeSpan.FromSeconds(0.3));
    }

    [Test]
    public void Cancel_WhileTheNameIsLookedUp_Is487()
    {
        string? cancelledBy = null;
        _world.Hosts.Wait = cancellation =>
        {
            cancellation.Register(() => cancelledBy = Environment.StackTrace);
            return new TaskCompletionSource().Task;
        };
        var invite = _alice.Invite("room1", "c1", Named);
        _world.RunUntil(() => _world.Hosts.Asked.Count == 1);
        _alice.Cancel(invite);
        _alice.WaitForResponse("INVITE", 487);

        // The resolver is the host's: it is told, but not on the shard.
        Assert.That(cancelledBy, Is.Not.Null.And.Not.Contain("SipShard"));
        _world.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_host.Invited, Is.Empty);
    }

    // What a name leads to is judged as any address.
    [TestCase("224.0.0.1")]
    [TestCase("169.254.169.254")]
    [TestCase("127.255.255.255")]
    [TestCase("::1", Description = "we have no address there")]
    public void NameOfAnAddressThatIsNobodysPhone_Is488(string address)
    {
        _world.Hosts.Add("evil.example.org", address);
        _alice.Invite("room1", "c1", SdpText.Of(connection: "IP4 evil.example.org"));
        _alice.WaitForResponse("INVITE", 488);

        Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
    }

    [Test]
    public void SecondStreamWithAnotherName_IsNotTakenBlindly()
    {
        var sdp = Named.Replace(
            "m=audio 4000 RTP/AVP 8 101",
            "m=audio 4002 RTP/AVP 18\r\nc=IN IP4 phone.example.org\r\nm=audio 4000 RTP/AVP 8 101",
            StringComparison.Ordinal)
            .Replace("8 101\r\nc=IN IP4 phone", "8 101\r\nc=IN IP4 other", StringComparison.Ordinal);
        _alice.Invite("room1", "c1", sdp);

        Assert.That(_alice.WaitForResponse("INVITE", 488)["Warning"], Does.Contain("not found"));
    }

    [Test]
    public void SameName_IsLookedUpOnce_InHalfAMinute()
    {
        var (invite, ok) = Call(Named);
        ReInvite(invite, ok, Named, 200);
        ReInvite(invite, ok, Named.Replace("phone.example", "PHONE.example", StringComparison.Ordinal), 200);
        Assert.That(_world.Hosts.Asked, Has.Count.EqualTo(1));
        _world.Advance(TimeSpan.FromSeconds(20));
        _world.Hosts.Asked.Clear();
        _world.Advance(TimeSpan.FromSeconds(8));
        ReInvite(invite, ok, Named, 200);
        Assert.That(_world.Hosts.Asked, Is.Empty);
        _world.Advance(TimeSpan.FromSeconds(2));
        ReInvite(invite, ok, Named, 200);
        Assert.That(_world.Hosts.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public void ReInviteWithAName_WaitsForIt_AndMovesTheAudio()
    {
        var (old, moved) = (new RtpPeer(_world, "10.0.2.1:4000"), new RtpPeer(_world, "10.0.2.9:4000"));
        _world.Hosts.Add("moved.example.org", "10.0.2.9");
        var (invite, ok) = Call(SdpText.Of());
        old.Talk(TimeSpan.FromMilliseconds(200), SdpText.Rtp(ok));
        var found = new TaskCompletionSource();
        _world.Hosts.Wait = _ => found.Task;
        _alice.Received.Clear();
        var again = _alice.InDialog("INVITE", invite, ok, SdpText.Of(connection: "IP4 moved.example.org"));
        _world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_alice.Received, Has.All.Property("Status").LessThan(200));
        _alice.InDialog("INVITE", invite, ok, SdpText.Of());
        Assert.That(_alice.WaitForResponse("INVITE", 500)["Retry-After"], Is.Not.Empty, "one after the other (RFC 3261 §14.2)");
        found.SetResult();
        _alice.Ack(again, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        moved.Rtp.Clear();
        moved.Listen(TimeSpan.FromSeconds(1));
        Assert.That(moved.Rtp, Has.Count.InRange(48, 55));
    }

    [Test]
    public void ReInviteWithANameNobodyKnows_Is488_AndTheCallGoesOn()
    {
        var (invite, ok) = Call(SdpText.Of());
        ReInvite(invite, ok, SdpText.Of(connection: "IP4 nowhere.example.org"), 488);
        _world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    [TestCase("BYE")]
    [TestCase("CANCEL")]
    public void ReInviteThatWaitsForAName_IsEndedByByeAndByCancel(string how)
    {
        var (invite, ok) = Call(SdpText.Of());
        _world.Hosts.Wait = static _ => new TaskCompletionSource().Task;
        _alice.Received.Clear();
        var again = _alice.InDialog("INVITE", invite, ok, SdpText.Of(connection: "IP4 moved.example.org"));
        _world.RunUntil(() => _world.Hosts.Asked.Count == 1);
        if (how == "BYE")
            _alice.InDialog("BYE", invite, ok);
        else
            _alice.Cancel(again);
        var refused = _alice.WaitForResponse("INVITE", 487);
        _alice.Ack(again, refused);
        _world.Advance(TimeSpan.FromSeconds(5));

        Assert.That(_server.Calls, Has.Count.EqualTo(how == "BYE" ? 0 : 1));
    }

    // Too late to refuse: nothing is sent until the host is found.
    [Test]
    public void AnswerThatNamesAHost_IsLookedUpMeanwhile()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        var found = new TaskCompletionSource();
        _world.Hosts.Wait = _ => found.Task;
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.AckWith(invite, ok, Named);
        rtp.Listen(TimeSpan.FromSeconds(1));
        Assert.That((rtp.Rtp.Count, rtp.Rtcp.Count), Is.EqualTo((0, 0)));
        found.SetResult();
        rtp.Listen(TimeSpan.FromSeconds(1));

        Assert.That(rtp.Rtp, Has.Count.InRange(45, 52));
    }

    [Test]
    public void AnswerThatNamesAHostNobodyKnows_HearsUsOnceItSpeaks()
    {
        var rtp = new RtpPeer(_world, "10.0.2.1:4000");
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.AckWith(invite, ok, SdpText.Of(connection: "IP4 nowhere.example.org"));
        rtp.Listen(TimeSpan.FromSeconds(3));
        Assert.That(rtp.Rtp, Is.Empty);
        rtp.Talk(TimeSpan.FromSeconds(1), SdpText.Rtp(ok));

        Assert.That(rtp.Rtp, Has.Count.InRange(45, 52));
    }

    private (SipText Invite, SipText Ok) Call(string sdp)
    {
        var invite = _alice.Invite("room1", "c1", sdp);
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromMilliseconds(100));
        return (invite, ok);
    }

    private void ReInvite(SipText invite, SipText ok, string sdp, int status)
    {
        _alice.Received.Clear();
        var again = _alice.InDialog("INVITE", invite, ok, sdp);
        _alice.Ack(again, _alice.WaitForResponse("INVITE", status));
    }
}
