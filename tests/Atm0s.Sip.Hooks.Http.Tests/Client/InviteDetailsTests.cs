using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>With <c>InviteDetails</c> the invite hook hears more than the original's, and may say more.</summary>
public sealed class InviteDetailsTests
{
    private HookServer _server = null!;
    private Hooked _hooks = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await HookServer.StartAsync();
        _hooks = await Hooked.StartAsync(_server.Url, options => options.InviteDetails = true);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _hooks.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Question_HasTheOriginalsFieldsFirst_AndThenAllThatIsKnown()
    {
        Answer("""{"strategy":"Reject"}""");
        await AskAsync(Hooked.Call() with
        {
            Authentication = CallerAuthentication.Digest,
            FromDisplayName = "Alice \"A\" Ünal",
            Identity = new SipAddress("sip:+49301@carrier.example"),
            IsAnonymous = true,
            Trunk = "carrier",
            Headers =
            [
                new("Via", "SIP/2.0/UDP 192.0.2.7"), new("X-Ticket", "4711"), new("VIA", "SIP/2.0/UDP 192.0.2.8"),
            ],
        });

        var expected = """
            {"source":"192.0.2.7:5062","username":"alice","from_number":"alice","to_number":"+84900","conn_id":"c0ffee",
            "sip_call_id":"abc@phone","request_uri":"sip:+84900@test.local","from_uri":"sip:alice@test.local",
            "to_uri":"sip:+84900@test.local","display_name":"Alice \"A\" Ünal","authentication":"digest","trunk":"carrier",
            "identity_number":"+49301","anonymous":true,"codecs":["PCMA"],
            "headers":{"via":["SIP/2.0/UDP 192.0.2.7","SIP/2.0/UDP 192.0.2.8"],"x-ticket":["4711"]}}
            """;
        Assert.That(_server.Questions.Single().Body, Is.EqualTo(expected.ReplaceLineEndings("")));
    }

    [TestCase(CallerAuthentication.None, "none")]
    [TestCase(CallerAuthentication.Address, "address")]
    public async Task Question_LeavesOutWhatIsNotKnown(CallerAuthentication authentication, string word)
    {
        Answer("""{"strategy":"Reject"}""");
        await AskAsync(Hooked.Call() with { Authentication = authentication });
        var asked = JsonDocument.Parse(_server.Questions.Single().Body).RootElement;
        Assert.That(asked.GetProperty("authentication").GetString(), Is.EqualTo(word));
        Assert.That(
            asked.EnumerateObject().Select(field => field.Name),
            Has.None.AnyOf("display_name", "trunk", "identity_number"));
    }

    [Test]
    public async Task Reject_SaysCodeAndReason()
    {
        Answer("""{"strategy":"Reject","code":404,"reason":"No such room"}""");
        Assert.That(await AskAsync(), Is.EqualTo(InviteDecision.Reject(404, "No such room")));
    }

    [Test]
    public async Task Redirect_SendsTheCallerElsewhere()
    {
        Answer("""{"strategy":"Reject","code":404,"redirect":["sip:1001@192.0.2.7","sip:1002@192.0.2.7"]}""");
        Assert.That(
            await AskAsync(),
            Is.TypeOf<InviteDecision.Redirection>().With.Property("Contacts").EqualTo(
                new[] { "sip:1001@192.0.2.7", "sip:1002@192.0.2.7" }));
    }

    [TestCase("Accept")]
    [TestCase("WaitOtherPeers")]
    public async Task Participant_IsWhatTheAnswerSays(string strategy)
    {
        Answer(
            $$$"""{"strategy":"{{{strategy}}}","room_id":"r1","participant":{"id":"p1","attributes":{"team":"blue"},"muted":true}}""");
        var decision = await AskAsync();
        var participant = decision is InviteDecision.Join join ? join.Participant : ((InviteDecision.Wait)decision).Participant;
        Assert.That((participant.Id, participant.Muted, participant.Attributes["team"]), Is.EqualTo(("p1", true, "blue")));
    }

    [TestCase("""{"strategy":"Reject","code":200}""")]
    [TestCase("""{"strategy":"Reject","code":"busy"}""")]
    [TestCase("""{"strategy":"Reject","reason":"a\r\nX-Evil: 1"}""")]
    [TestCase("""{"strategy":"Reject","redirect":[]}""")]
    [TestCase("""{"strategy":"Reject","redirect":["mailto:a@b"]}""")]
    [TestCase("""{"strategy":"Reject","redirect":["sip:a@b>\r\nX-Evil: 1"]}""")]
    [TestCase("""{"strategy":"Reject","redirect":[null]}""")]
    [TestCase("""{"strategy":"Accept","room_id":"r1","participant":{"id":"p\u001b[2J"}}""")]
    [TestCase("""{"strategy":"Accept","room_id":"r1","participant":{"id":""}}""")]
    public async Task WhatSipDoesNotHave_Is486(string answer)
    {
        Answer(answer);
        Assert.That(await AskAsync(), Is.EqualTo(InviteDecision.Reject(486)));
    }

    [Test]
    public async Task ReasonThatIsTooLong_Is486()
    {
        Answer($$"""{"strategy":"Reject","code":404,"reason":"{{new string('r', 257)}}"}""");
        Assert.That(await AskAsync(), Is.EqualTo(InviteDecision.Reject(486)));
    }

    [Test]
    public async Task WithoutTheOption_TheRestOfTheAnswerIsNotLookedAt()
    {
        await using var plain = await Hooked.StartAsync(_server.Url);
        Answer("""{"strategy":"Reject","code":404,"reason":{"de":"x"},"redirect":["sip:1001@192.0.2.7"],"participant":7}""");
        Assert.That(await plain.InviteAsync(), Is.EqualTo(InviteDecision.Reject(486)));
        Answer("""{"strategy":"Accept","room_id":"r1","participant":{"id":"p1"}}""");
        var join = (InviteDecision.Join)await plain.InviteAsync();
        Assert.That(join.Participant, Is.SameAs(ParticipantOptions.Default));
    }

    private void Answer(string json) => _server.Answer = context => HookServer.WriteAsync(context, json);

    private ValueTask<InviteDecision> AskAsync(InviteRequest? call = null) =>
        _hooks.Invite.HandleInviteAsync(call ?? Hooked.Call(), CancellationToken.None);
}
