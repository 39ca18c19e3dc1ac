using System.Collections.Frozen;
using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);      // Information is three lines for each call and one for each REGISTER
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Realm = "big";
        sip.Registrar.MaxRegistrations = 200_000;
        sip.Calls.MaxCalls = 5_000;
        sip.Media.FirstPort = 20_000;                   // two UDP ports for each call
        sip.Media.LastPort = 29_999;
        sip.Media.OpusComplexity = 2;                   // a quarter less processor time than 5
        foreach (var listener in sip.Listeners)
            listener.ReceiveThreads = Math.Max(1, Environment.ProcessorCount / 4);
    })
    .AddAuthProvider(new Users())
    .AddInviteHandler(new Rooms());
await builder.Build().RunAsync();

/// <summary>Answers from memory, at once: then a REGISTER is one turn of the signalling thread, and no thread of the pool is needed.</summary>
[NonBlocking]
internal sealed class Users : IAuthProvider
{
    // Read once, at start. Yours is a copy of the table of users, made anew when that changes.
    private readonly FrozenDictionary<string, AuthDecision> _users = Enumerable.Range(1000, 9000)
        .Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .ToFrozenDictionary(number => number, number => AuthDecision.WithHa1(Ha1.Compute("MD5", number, "big", "secret-" + number)));

    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_users.GetValueOrDefault(request.Username, AuthDecision.Unknown));
}

/// <summary>Knows from the number alone.</summary>
[NonBlocking]
internal sealed class Rooms : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
}
