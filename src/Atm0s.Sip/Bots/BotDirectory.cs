using System.Collections.Concurrent;
using System.Globalization;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Bots;

/// <summary>The programs that are in rooms. Any thread.</summary>
/// <param name="rooms">Where they go.</param>
/// <param name="scheduler">Runs what is ours.</param>
/// <param name="workers">Run what is the host's, and may block.</param>
/// <param name="events">Who is told of them.</param>
/// <param name="logger">Is told what they throw.</param>
internal sealed class BotDirectory(
    RoomDirectory rooms, SipScheduler scheduler, HookWorkers workers, EventHub events, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<BotPlace, RoomBot> _bots = new();
    private long _number;

    /// <summary>Where they are.</summary>
    public AudioRooms Rooms => rooms.Embedded;

    public IReadOnlyList<RoomBot> All => [.. _bots.Values];

    /// <summary>Brings a program into a room, which is made when it does not exist.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="options">As what it comes.</param>
    /// <exception cref="InvalidOperationException">The rooms are the host's own.</exception>
    public RoomBot Add(string roomId, RoomBotOptions options) => TryAdd(roomId, options, mustFindRoom: false)!;

    /// <summary>Refuses to go on where the rooms are the host's own.</summary>
    /// <exception cref="InvalidOperationException">They are.</exception>
    public void CheckRooms()
    {
        if (rooms.AreHosts)
            throw new HostRoomsException("The rooms are those of the host's IRoomProvider: what is heard there is its affair.");
    }

    /// <summary>Brings a program into a room.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="options">As what it comes.</param>
    /// <param name="mustFindRoom">Whether the room is not made.</param>
    /// <param name="isOurs">Whether its callbacks are ours, which do not block.</param>
    /// <param name="isConnected">Whether it is there at once; else <see cref="RoomBot.SetConnected"/> says so.</param>
    /// <returns>Null when there is no such room, and it is not to be made.</returns>
    /// <exception cref="InvalidOperationException">The rooms are the host's own.</exception>
    public RoomBot? TryAdd(string roomId, RoomBotOptions options, bool mustFindRoom, bool isOurs = false, bool isConnected = true)
    {
        CheckRooms();
        var id = options.Id ?? string.Create(CultureInfo.InvariantCulture, $"bot-{Interlocked.Increment(ref _number)}");
        var port = NewPort(options, BotPort.RoomRateOf(options.SampleRate), id, isOurs ? null : workers);
        var place = new BotPlace(this, id, port, options.LeaveWithOthers, isConnected);
        var bot = new RoomBot(place, port, options);
        place.Bot = bot;
        _bots[place] = bot;
        // Whoever watches hears that it has come before he hears that it has gone.
        lock (place.Telling)
        {
            if (!place.Enter(roomId, mustFindRoom))
            {
                _bots.TryRemove(place, out _);
                return mustFindRoom ? null : bot; // the server stops: it has left already
            }

            if (events.IsWatched)
                events.Tell(new SipServerEvent.BotJoined(bot.GetInfo()));
        }

        return bot;
    }

    /// <summary>The audio of a program, wherever it goes.</summary>
    public BotPort NewPort(RoomBotOptions options, int roomRate, string id, HookWorkers? runsIt = null) =>
        new(options.SampleRate, roomRate, options, scheduler, exception => ServerLog.BotFailed(logger, exception, id), runsIt);

    public void OnLeft(BotPlace place, string reason)
    {
        if (!_bots.TryRemove(place, out var bot))
            return;
        bot.OnLeft(reason);
        lock (place.Telling)
        {
            if (events.IsWatched)
                events.Tell(new SipServerEvent.BotLeft(bot.GetInfo(), reason));
        }
    }

    /// <summary>Who hears whom has changed for a program.</summary>
    public void TellRule(string id, string roomId, MemberRule rule)
    {
        if (events.IsWatched)
            events.Tell(new SipServerEvent.RuleChanged(null, id, roomId, rule));
    }

    /// <summary>Does something beside whoever asks for it.</summary>
    public void Post(Action work) => scheduler.Schedule(new PostedWork(work));

    public void Dispose() => workers.Dispose();

    /// <summary>The server stops.</summary>
    public void End()
    {
        foreach (var place in _bots.Keys)
            place.Leave("the server stops");
    }
}
