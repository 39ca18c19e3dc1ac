// How do I command a SIP server from another program? With a client that is made from the OpenAPI document of its control API.
//   dotnet run --project samples/RoomServer -- --demo-users --http http://127.0.0.1:8002
//   dotnet run --project samples/ControlClient -- --url http://127.0.0.1:8002 --call alice --room room1
// Shows what there is; with --call it rings a user's phones into a room, and tells what becomes of the call.
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ControlClient;

if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(name => name is not ("--url" or "--api-key" or "--call" or "--room")))
{
    Console.Error.WriteLine("ControlClient [--url URL of the control API] [--api-key KEY] [--call USER] [--room NAME]");
    return 2;
}

string Argument(string name, string otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : otherwise;

using var http = new HttpClient { BaseAddress = new Uri(Argument("--url", "http://127.0.0.1:8002")), Timeout = Timeout.InfiniteTimeSpan };
if (Argument("--api-key", "") is { Length: > 0 } key)
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
var sip = new SipControlClient(http);
try
{
    foreach (var phone in await sip.List_registrationsAsync())
        Console.WriteLine($"registered {phone.Username} {phone.Contact}");
    foreach (var call in await sip.List_callsAsync())
        Console.WriteLine($"call {call.Id} {call.From_number} -> {call.To_number} {call.State}");
    if (Argument("--call", "") is not { Length: > 0 } user)
        return 0;

    // Watched before the call is made: no event of it is missed.
    using var watching = await http.GetAsync(
        new Uri("/sip/events?snapshot=false", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
    watching.EnsureSuccessStatusCode();
    var started = await sip.Invite_userAsync(
        new InviteUserRequest { Room_id = Argument("--room", "room1"), Username = user, From_number = "control" });
    Console.WriteLine($"ringing {user}: {started.Data!.Session_id}");
    await foreach (var what in SseParser.Create(await watching.Content.ReadAsStreamAsync()).EnumerateAsync())
    {
        if (what.EventType != "call" || JsonSerializer.Deserialize<CallHookEvent>(what.Data) is not { } step
            || step.Conn_id != started.Data.Session_id)
            continue;
        Console.WriteLine($"{step.Event} {step.Reason}".TrimEnd());
        if (step.Event == CallHookEventEvent.Ended)
            return 0;
    }

    return 1;
}
catch (ApiException refused)
{
    // A refusal of an invite is one word of plain text, for example NOT_FOUND.
    Console.Error.WriteLine($"{refused.StatusCode} {refused.Response}");
    return 1;
}
catch (HttpRequestException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
