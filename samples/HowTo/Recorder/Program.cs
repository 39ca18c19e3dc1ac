using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<ICallObserver, CallRecorder>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)));
await builder.Build().RunAsync();

/// <summary>Records every call: what the phone says on the left, what it hears on the right. The key 0 pauses, and goes on.</summary>
internal sealed class CallRecorder(ISipServer server, IConfiguration configuration) : ICallObserver
{
    private readonly string _folder = Directory.CreateDirectory(configuration["folder"] ?? "recordings").FullName;

    public async ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var callId = callEvent.Call.CallId;
        switch (callEvent)
        {
            case CallEvent.Answered when server.TryGetCall(callId, out var call):
                var name = $"{callEvent.Timestamp:yyyyMMdd-HHmmss}-{callId}.{configuration["format"] ?? "wav"}";
                await call.StartRecordingAsync(Path.Combine(_folder, name));
                break;
            case CallEvent.DtmfReceived { Digit: '0' }:
                foreach (var recording in server.Recordings.Where(recording => recording.CallId == callId))
                {
                    if (recording.State == RecordingState.Paused)
                        recording.Resume();
                    else
                        recording.Pause();
                }

                break;
        }
    }
}
