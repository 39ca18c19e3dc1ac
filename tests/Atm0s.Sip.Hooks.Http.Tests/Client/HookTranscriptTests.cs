using System.Net;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>Every question and answer of the original's contract, field by field, as the hook server sees them.</summary>
public sealed class HookTranscriptTests
{
    private const string Ha1 = "939e7578ed9e3c518a452acee763bce9";

    private HookServer _server = null!;
    private Hooked _hooks = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await HookServer.StartAsync();
        _hooks = await Hooked.StartAsync(_server.Url, options => options.CallEvents = true);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _hooks.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Auth_AsksWithThreeFields_AndTakesTheHash()
    {
        Answer($$"""{"success":true,"ha1":"{{Ha1}}","more":[1,2]}""");
        var decision = await _hooks.AuthorizeAsync();
        Assert.That(decision, Is.TypeOf<AuthDecision.KnownUser>().With.Property("Ha1").EqualTo(Ha1));
        AssertAsked("/hooks/auth", """{"username":"alice","realm":"test.local","session_id":"s1"}""");
        Assert.That(_server.Questions[0].Headers["Content-Type"], Is.EqualTo("application/json"));
    }

    [TestCase("""{"success":false}""")]
    [TestCase("""{"success":false,"ha1":"939e7578ed9e3c518a452acee763bce9"}""")]
    [TestCase("""{"success":true}""")]
    [TestCase("""{"success":true,"ha1":null}""")]
    public async Task Auth_WithoutSuccessOrHash_IsNobody(string answer)
    {
        Answer(answer);
        Assert.That(await _hooks.AuthorizeAsync(), Is.SameAs(AuthDecision.Unknown));
    }

    [Test]
    public async Task Auth_OfAnotherAlgorithm_SaysWhich()
    {
        Answer("""{"success":false}""");
        await _hooks.Auth.AuthorizeAsync(Hooked.Login("SHA-256"), CancellationToken.None);
        AssertAsked("/hooks/auth", """{"username":"alice","realm":"test.local","session_id":"s1","algorithm":"SHA-256"}""");
    }

    [Test]
    public async Task Register_AndUnregister_TellThreeFields()
    {
        await _hooks.Registrations.OnRegisteredAsync(Registration, CancellationToken.None);
        await _hooks.Registrations.OnRegisteredAsync(Registration with { IsRefresh = true }, CancellationToken.None);
        await _hooks.Registrations.OnUnregisteredAsync(Registration, UnregisterReason.Expired, CancellationToken.None);
        Assert.That(
            _server.Questions.Select(q => q.Path),
            Is.EqualTo(new[] { "/hooks/register", "/hooks/register", "/hooks/unregister" }),
            "a refresh too: the hook server may have restarted");
        Assert.That(_server.Questions.Select(q => q.Body), Has.All.EqualTo("""{"username":"alice","realm":"test.local","session_id":"s1"}"""));
    }

    [Test]
    public async Task Invite_AsksWithFiveFields()
    {
        Answer("""{"strategy":"Accept","room_id":"r1"}""");
        await _hooks.InviteAsync();
        AssertAsked("/hooks/invite", """{"source":"192.0.2.7:5062","username":"alice","from_number":"alice","to_number":"+84900","conn_id":"c0ffee"}""");
        await _hooks.Invite.HandleInviteAsync(Hooked.Call() with { Username = null }, CancellationToken.None);
        Assert.That(_server.Questions[1].Body, Does.Contain("\"username\":null"), "null is written, as the original does");
    }

    [Test]
    public async Task Invite_OfACallerWhoGivesUp_StillHearsTheAnswer()
    {
        using var caller = new CancellationTokenSource();
        _server.Answer = async context =>
        {
            await caller.CancelAsync();
            await HookServer.WriteAsync(context, """{"strategy":"WaitOtherPeers","room_id":"r1"}""");
        };
        var decision = await _hooks.Invite.HandleInviteAsync(Hooked.Call(), caller.Token);
        Assert.That(decision, Is.TypeOf<InviteDecision.Wait>().With.Property("RoomId").EqualTo("r1"), "its room is where somebody rings");
    }

    [Test]
    public async Task Invite_Accept_JoinsTheRoom_AndEndsWithTheOthers()
    {
        Answer("""{"strategy":"Accept","room_id":"r1"}""");
        Assert.That(await _hooks.InviteAsync(), Is.TypeOf<InviteDecision.Join>().With.Property("RoomId").EqualTo("r1")
            .And.Property("EndWhenOthersLeave").True);
    }

    [Test]
    public async Task Invite_WaitOtherPeers_Waits()
    {
        Answer("""{"strategy":"WaitOtherPeers","room_id":"r1"}""");
        Assert.That(await _hooks.InviteAsync(), Is.TypeOf<InviteDecision.Wait>().With.Property("RoomId").EqualTo("r1"));
    }

    [TestCase("""{"strategy":"Reject"}""")]
    [TestCase("""{"strategy":"Reject","room_id":"r1"}""")]
    [TestCase("""{"strategy":"Accept"}""")]
    [TestCase("""{"strategy":"Accept","room_id":null}""")]
    [TestCase("""{"strategy":"WaitOtherPeers","room_id":""}""")]
    [TestCase("""{"strategy":"accept","room_id":"r1"}""")]
    [TestCase("""{"strategy":"Maybe","room_id":"r1"}""")]
    [TestCase("""{"strategy":1,"room_id":"r1"}""")]
    [TestCase("""{"room_id":"r1"}""")]
    [TestCase("""[]""")]
    [TestCase("""null""")]
    [TestCase("")]
    [TestCase("""{"strategy":"Accept","room_id":"r1""")]
    [TestCase("<html>")]
    public async Task Invite_WhatIsNoDecision_Is486(string answer)
    {
        Answer(answer);
        Assert.That(await _hooks.InviteAsync(), Is.TypeOf<InviteDecision.Rejection>().With.Property("StatusCode").EqualTo(486));
    }

    [Test]
    public async Task Invite_RoomTooLong_Is486()
    {
        Answer($$"""{"strategy":"Accept","room_id":"{{new string('r', 257)}}"}""");
        Assert.That(await _hooks.InviteAsync(), Is.TypeOf<InviteDecision.Rejection>());
    }

    [Test]
    public async Task CallEvents_TellTheStory_NullsLeftOut()
    {
        var call = new CallInfo { CallId = "c1", SipCallId = "abc", Direction = CallDirection.Incoming, From = "alice", To = "bob",
            RoomId = "r1", Trunk = "carrier", ParticipantId = "p1", Attributes = new Dictionary<string, string> { ["team"] = "blue" } };
        var at = new DateTimeOffset(2026, 11, 24, 9, 30, 0, 250, TimeSpan.Zero);
        var common =
            "\"conn_id\":\"c1\",\"sip_call_id\":\"abc\",\"direction\":\"incoming\",\"from_number\":\"alice\",\"to_number\":\"bob\",\"room_id\":\"r1\",\"trunk\":\"carrier\",\"participant_id\":\"p1\",\"attributes\":{\"team\":\"blue\"},\"timestamp\":\"2026-11-24T09:30:00.250Z\"";
        var quality = new CallQuality { Codec = "PCMA", PacketsSent = 10, PacketsReceived = 9, PacketsLost = 1, JitterMilliseconds = 0.5,
            RoundTrip = TimeSpan.FromMilliseconds(20) };
        foreach (var told in new CallEvent[]
        {
            new CallEvent.Ringing { Call = call, Timestamp = at },
            new CallEvent.Answered { Call = call, Timestamp = at, Codec = "PCMA" },
            new CallEvent.Ended
            {
                Call = call, Timestamp = at, Cause = CallEndCause.RemoteHangup, StatusCode = 0, Reason = "the phone hung up",
                    Duration = TimeSpan.FromSeconds(1.5), Quality = quality,
            },
        })
            await _hooks.Calls.OnCallEventAsync(told, CancellationToken.None);
        Assert.That(_server.Questions.Select(q => q.Path), Has.All.EqualTo("/hooks/call"));
        Assert.That(_server.Questions.Select(q => q.Body), Is.EqualTo(new[]
        {
            $$"""{"event":"ringing",{{common}}}""",
            $$"""{"event":"answered",{{common}},"codec":"PCMA"}""",
            $$"""{"event":"ended",{{common}},"cause":"remote_hangup","status_code":0,"reason":"the phone hung up","duration_ms":1500,"quality":{"codec":"PCMA","packets_sent":10,"packets_received":9,"packets_lost":1,"jitter_ms":0.5,"round_trip_ms":20} }""".Replace("} }", "}}", StringComparison.Ordinal),
        }));
    }

    [Test]
    public async Task CallEnded_TellsWhatTheCalledSideSaid()
    {
        await _hooks.Calls.OnCallEventAsync(
            new CallEvent.Ended
            {
                Call = new CallInfo { CallId = "c1", SipCallId = "abc", Direction = CallDirection.Outgoing, From = "alice", To = "bob" },
                Timestamp = DateTimeOffset.UnixEpoch, Cause = CallEndCause.Redirected, StatusCode = 302, Reason = "x",
                Duration = TimeSpan.Zero,
                Failure = new CallFailure { RetryAfter = TimeSpan.FromSeconds(40), Contacts = ["sip:carol@192.0.2.7"] },
            },
            CancellationToken.None);

        Assert.That(_server.Questions.Single().Body, Does.EndWith(
            """"status_code":302,"reason":"x","retry_after_s":40,"contacts":["sip:carol@192.0.2.7"],"duration_ms":0}""""));
    }

    [Test]
    public async Task CallEnded_TellsHowTheAudioWasHeard()
    {
        var quality = new CallQuality
        {
            Codec = "opus", PacketsSent = 10, PacketsReceived = 9, PacketsLost = 1, JitterMilliseconds = 0.5,
            PlayedAudio = TimeSpan.FromSeconds(2), ConcealedShare = 0.25, PacketsDiscarded = 3,
            InsertedAudio = TimeSpan.FromMilliseconds(40), RemovedAudio = TimeSpan.FromMilliseconds(20), Resyncs = 2,
            JitterBufferDelay = TimeSpan.FromMilliseconds(60), Mos = 4.1,
        };
        await _hooks.Calls.OnCallEventAsync(
            new CallEvent.Ended
            {
                Call = new CallInfo { CallId = "c1", SipCallId = "abc", Direction = CallDirection.Incoming, From = "alice", To = "bob" },
                Timestamp = DateTimeOffset.UnixEpoch, Cause = CallEndCause.RemoteHangup, StatusCode = 0, Reason = "x",
                Duration = TimeSpan.Zero, Quality = quality,
            },
            CancellationToken.None);

        Assert.That(_server.Questions.Single().Body, Does.EndWith(
            """
            "quality":{"codec":"opus","packets_sent":10,"packets_received":9,"packets_lost":1,"jitter_ms":0.5,
            """ + """
            "concealed_share":0.25,"packets_discarded":3,"inserted_ms":40,"removed_ms":20,"resyncs":2,"jitter_buffer_ms":60,"mos":4.1}}
            """));
    }

    private static RegistrationInfo Registration { get; } = new()
    {
        SessionId = "s1", Username = "alice", Realm = "test.local", Contact = "sip:alice@192.0.2.7",
            Source = new IPEndPoint(IPAddress.Loopback, 5062), Expires = TimeSpan.FromMinutes(1),
    };

    private void Answer(string json) => _server.Answer = context => HookServer.WriteAsync(context, json);

    private void AssertAsked(string path, string body)
    {
        var asked = _server.Questions.Single();
        Assert.That((asked.Method, asked.Path, asked.Body), Is.EqualTo(("POST", path, body)));
    }
}
