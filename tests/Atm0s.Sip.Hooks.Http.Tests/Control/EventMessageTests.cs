using System.Net;
using System.Reflection;
using System.Text.Json;
using Atm0s.Sip.Control.Events;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>There is a message for each event of the server, and it is documented.</summary>
public sealed class EventMessageTests
{
    private static readonly CallInfo Call = new()
    {
        CallId = "c1",
        SipCallId = "s1",
        Direction = CallDirection.Incoming,
        From = "1001",
        To = "1002",
    };

    private static readonly RegistrationInfo Registration = new()
    {
        SessionId = "r1",
        Username = "alice",
        Realm = "test.local",
        Contact = "sip:alice@192.0.2.1",
        Source = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060),
        Expires = TimeSpan.FromMinutes(1),
    };

    private static readonly object[] Samples =
    [
        new CallEvent.Ringing { Call = Call, Timestamp = DateTimeOffset.UnixEpoch },
        Registration,
        UnregisterReason.Expired,
        new TrunkInfo("carrier", "sip:pbx.example.com", TrunkState.Ready, 0, TimeSpan.Zero),
        new RoomBotInfo("bot", "room1", 16_000, new Dictionary<string, string>(), IsMuted: false, Gain: 0),
        new RecordingInfo("r1", "/tmp/a.wav", "c1", null, RecordingState.Recording, null, TimeSpan.Zero, TimeSpan.Zero),
        new MediaStreamInfo("MZ1", "bot.example.com", "c1", null, MediaStreamState.Open, null, null, TimeSpan.Zero),
        new PlayResult(PlayEnd.Finished, TimeSpan.FromSeconds(1)),
        new MemberRule { IsDeaf = true },
        new List<string> { "Calls.MaxCalls" },
        "text",
        7L,
        true,
    ];

    private static IEnumerable<Type> Kinds => typeof(SipServerEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SipServerEvent)));

    [TestCaseSource(nameof(Kinds))]
    public void EveryEvent_HasItsMessage(Type kind)
    {
        var message = EventMessage.From(New(kind));
        Assert.That(message, Is.Not.Null);
        Assert.That(message!.Value.Name, Is.EqualTo(JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.Name)));
        Assert.That(JsonDocument.Parse(message.Value.Data).RootElement.EnumerateObject(), Is.Not.Empty);
        Assert.That(message.Value.Data, Does.Not.Contain((byte)'\n'), "a line of an event stream");
    }

    [Test]
    public void Settings_AreToldByPath()
    {
        var (changed, data) = EventMessage.From(new SipServerEvent.SettingsChanged(["Calls.MaxCalls"], ["Realm"]))!.Value;
        Assert.That(changed, Is.EqualTo("settings_changed"));
        Assert.That(System.Text.Encoding.UTF8.GetString(data), Is.EqualTo("""{"applied":["Calls.MaxCalls"],"need_restart":["Realm"]}"""));
        var (refused, why) = EventMessage.From(new SipServerEvent.SettingsRefused("Sip:Realm is null."))!.Value;
        Assert.That(refused, Is.EqualTo("settings_refused"));
        Assert.That(System.Text.Encoding.UTF8.GetString(why), Is.EqualTo("""{"problem":"Sip:Realm is null."}"""));
    }

    [Test]
    public async Task EveryEvent_IsDocumented()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var events = document.RootElement.GetProperty("paths").GetProperty("/sip/events").GetProperty("get").GetProperty("responses")
            .GetProperty("200").GetProperty("content").GetProperty("text/event-stream").GetRawText();
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "http.md"));
        foreach (var name in Kinds.Select(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.Name)))
        {
            Assert.That(events, Does.Contain(name));
            Assert.That(page, Does.Contain($"`{name}`"));
        }

        Assert.That(events, Does.Contain("#/components/schemas/SettingsChangedMessage\"")
            .And.Contain("#/components/schemas/SettingsRefusedMessage\""));
    }

    private static SipServerEvent New(Type kind)
    {
        var constructor = kind.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single(c => c.GetParameters().Length > 0);
        return (SipServerEvent)constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            Samples.First(sample => parameter.ParameterType.IsInstanceOfType(sample)))]);
    }

    private static string Root()
    {
        var directory = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(directory, "Atm0s.Sip.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
