// A host that decides over HTTP: how do I write the hook server?
//   dotnet run --project samples/HooksServer -- --listen http://127.0.0.1:3000 --sip http://127.0.0.1:8002
//   dotnet run --project samples/RoomServer -- --hooks http://127.0.0.1:3000/hooks --http http://127.0.0.1:8002
// Every user's password is the user name. Whoever calls a registered user rings it, and both meet in a fresh room.
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks.Http.Contracts;
using HooksServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(name => name is not ("--listen" or "--sip" or "--api-key")))
{
    Console.Error.WriteLine(
        "HooksServer [--listen URL] [--sip URL of the control API] [--api-key KEY], for example --listen http://127.0.0.1:3000 --sip "
        + "http://127.0.0.1:8002");
    return 2;
}

string Argument(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1]
    : otherwise;

// Names come from strangers: a line break in one must not make a line of its own.
void Print(string line) => Console.WriteLine(string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)));

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
builder.WebHost.UseUrls(Argument("--listen", "http://127.0.0.1:3000"));
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HookContracts.Default));
builder.Services.AddSingleton<AddressBook>();
builder.Services.AddSingleton<AnsweredInvites>();
builder.Services.AddSingleton(new SipGateway(Argument("--sip", "http://127.0.0.1:8002"), Argument("--api-key", "")));
var app = builder.Build();
var hooks = app.MapGroup("/hooks");

// The answer is the hash of the password, never the password: MD5(user:realm:password) in hex.
hooks.MapPost("/auth", (AuthHookRequest ask) =>
{
    Print($"auth {ask.Username}");
    return Results.Json(new AuthHookResponse { Success = true, Ha1 = Ha1.Compute("MD5", ask.Username, ask.Realm, password: ask.Username) },
        HookContracts.Default.AuthHookResponse);
});

hooks.MapPost("/register", (RegistrationHookRequest told, AddressBook book) =>
{
    Print($"register {told.Username} {told.SessionId}");
    book.Register(told.Username, told.SessionId);
    return Results.Json(new RegistrationHookResponse { Success = true }, HookContracts.Default.RegistrationHookResponse);
});

hooks.MapPost("/unregister", (RegistrationHookRequest told, AddressBook book) =>
{
    Print($"unregister {told.Username} {told.SessionId}");
    book.Unregister(told.Username, told.SessionId);
    return Results.Json(new RegistrationHookResponse { Success = true }, HookContracts.Default.RegistrationHookResponse);
});

hooks.MapPost("/invite", async (InviteHookRequest ask, AnsweredInvites answered, AddressBook book, SipGateway sip) =>
{
    var answer = await answered.AnswerAsync(ask.ConnId, async () =>
    {
        Print($"invite {ask.FromNumber} -> {ask.ToNumber}");
        var room = AddressBook.NewRoom();
        var rings = book.Find(ask.ToNumber) is { } session
            && await sip.InviteClientAsync(room, session, ask.FromNumber, ask.ConnId, default);
        return rings
            ? new InviteHookResponse { Strategy = InviteStrategy.WaitOtherPeers, RoomId = room }
            : new InviteHookResponse { Strategy = InviteStrategy.Reject };
    });
    return Results.Json(answer, HookContracts.Default.InviteHookResponse);
});

// Only asked for with --hook-events; the original has no such hook.
hooks.MapPost(
    "/call", (CallHookEvent told) => Print($"call {told.Event} {told.ConnId} {told.Direction} {told.Cause}".TrimEnd()));

// Only told with --hook-rooms.
hooks.MapPost("/room", (RoomHookEvent told) => Print($"room {told.Event} {told.RoomId}"));

await app.StartAsync();
Console.WriteLine($"ready {string.Join(' ', app.Urls)}");
await app.WaitForShutdownAsync();
return 0;
