using System.Collections.Concurrent;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<ICallObserver, PinPad>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        // Anybody may dial in: the PIN is the key.
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => invite.To == "700"
        ? InviteDecision.JoinRoom(PinPad.Entrance(invite.CallId))
        : InviteDecision.Reject(404)));
await builder.Build().RunAsync();

/// <summary>Listens to what a caller types in a room of his own. Three wrong PINs, or half a minute without a right one, end the call.</summary>
internal sealed class PinPad(ISipServer server, IConfiguration configuration) : ICallObserver
{
    // Yours come from a database.
    private static readonly Dictionary<string, string> Meetings = new() { ["271828"] = "board", ["314159"] = "sales" };

    private readonly ConcurrentDictionary<string, Caller> _outside = new();

    public static string Entrance(string callId) => $"entrance-{callId}";

    public async ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var callId = callEvent.Call.CallId;
        switch (callEvent)
        {
            case CallEvent.Answered:
                _outside[callId] = new Caller();
                _ = EndUnlessInsideAsync(callId, TimeSpan.FromSeconds(configuration.GetValue("seconds", 30.0)));
                break;
            case CallEvent.DtmfReceived { Digit: not '#' } key when _outside.TryGetValue(callId, out var caller):
                caller.Digits += caller.Digits.Length < 16 ? key.Digit : "";
                break;
            case CallEvent.DtmfReceived when _outside.TryGetValue(callId, out var caller):
                await TryPinAsync(callId, caller);
                break;
            case CallEvent.Ended:
                _outside.TryRemove(callId, out _);
                break;
        }
    }

    private async Task TryPinAsync(string callId, Caller caller)
    {
        if (!server.TryGetCall(callId, out var call))
            return;
        if (Meetings.TryGetValue(caller.Digits, out var meeting))
        {
            _outside.TryRemove(callId, out _);
            await call.MoveToRoomAsync(meeting);
        }
        else if (++caller.Wrong == 3)
        {
            await call.HangUpAsync();
        }

        caller.Digits = "";
    }

    private async Task EndUnlessInsideAsync(string callId, TimeSpan patience)
    {
        await Task.Delay(patience);
        if (_outside.TryRemove(callId, out _) && server.TryGetCall(callId, out var call))
            await call.HangUpAsync();
    }

    private sealed class Caller
    {
        public string Digits { get; set; } = "";

        public int Wrong { get; set; }
    }
}
