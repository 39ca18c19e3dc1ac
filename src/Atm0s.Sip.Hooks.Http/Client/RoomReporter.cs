using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Tells <c>/room</c> of rooms that have ended, when <see cref="HttpHookOptions.RoomEvents"/> says so: from the start of the server until
/// after its stop, which ends all that are left. Fails open.
/// </summary>
internal sealed class RoomReporter(
    ISipServer server, HookClient client, IOptions<HttpHookOptions> options, TimeProvider timeProvider, ILogger<HookClient> logger)
    : IHostedLifecycleService, IDisposable
{
    // Beyond, the watch waits; what it then misses the server counts, and it is logged here.
    private const int MaxAtOnce = 32;

    private readonly SemaphoreSlim _places = new(MaxAtOnce);
    private Task _watching = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.RoomEvents)
            _watching = WatchAsync();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _watching.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's patience is at its end.
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task WatchAsync()
    {
        await foreach (var what in server.WatchAsync().ConfigureAwait(false))
        {
            if (what is SipServerEvent.Missed missed)
                HookLog.RoomsMissed(logger, missed.Count);
            if (what is not SipServerEvent.RoomClosed closed)
                continue;
            await _places.WaitAsync().ConfigureAwait(false);
            _ = TellAsync(closed.RoomId, timeProvider.GetUtcNow());
        }

        // The server has stopped: what is under way has its time limit.
        for (var i = 0; i < MaxAtOnce; i++)
            await _places.WaitAsync().ConfigureAwait(false);
    }

    private async Task TellAsync(string roomId, DateTimeOffset at)
    {
        try
        {
            await client.AskAsync(
                HookClient.Events,
                "room",
                roomId,
                new RoomHookEvent { Event = "closed", RoomId = roomId, Timestamp = at },
                HookContracts.Wire.RoomHookEvent,
                static _ => true,
                CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody waits for it.
        catch (Exception)
#pragma warning restore CA1031
        {
            HookLog.EventDropped(logger, "room", LogText.Escape(roomId));
        }
        finally
        {
            _places.Release();
        }
    }
}
