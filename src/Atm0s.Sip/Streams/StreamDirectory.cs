using System.Collections.Concurrent;
using System.Security.Cryptography;
using Atm0s.Sip.Bots;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Streams;

/// <summary>The media streams that go on. Any thread.</summary>
internal sealed class StreamDirectory(BotDirectory bots, EventHub events, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, MediaStream> _streams = new(StringComparer.Ordinal);

    public IReadOnlyList<MediaStream> All => [.. _streams.Values];

    /// <summary>Refuses what can't be met.</summary>
    /// <exception cref="ArgumentException">
    /// Unencrypted to another machine, which was not allowed; or tracks for a program that speaks.
    /// </exception>
    public static void Check(MediaStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsExposed)
            throw new ArgumentException(MediaStreamOptions.WhyExposed, nameof(options));
        if (options is { TwoWay: true, Tracks: not MediaStreamTracks.Inbound })
            throw new ArgumentException(
                "A program that speaks hears the inbound track alone; other tracks are for one that listens (TwoWay false).", nameof(options));
    }

    public static string NewId() => "MZ" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>What a program hears and says, towards a room or a call.</summary>
    public BotPort NewPort(MediaStreamOptions options, int roomRate, string id) =>
        bots.NewPort(BotOptionsOf(options, id), roomRate, id);

    /// <summary>Begins a stream.</summary>
    public (MediaStream Stream, StreamSession Session) Open(
        string id, string? callId, string? roomId, MediaStreamOptions options, IReadOnlyList<StreamTrack> tracks, Action? onOpen = null)
    {
        MediaStream stream = null!;
        var session = new StreamSession(
            id, callId, roomId, options, tracks, changed =>
            {
                if (changed.State == MediaStreamState.Open)
                    onOpen?.Invoke();
                Tell(stream);
            },
            time);
        _streams[id] = stream = new MediaStream(session);
        session.Start();
        return (stream, session);
    }

    /// <summary>
    /// Streams a room; null when there is none of that name and the program is to hear only, or is to be in one that is there.
    /// </summary>
    /// <exception cref="ArgumentException">What is only of calls.</exception>
    public MediaStream? Stream(string roomId, MediaStreamOptions options)
    {
        Check(options);
        var id = NewId();
        if (options.TwoWay)
            return StreamMember(roomId, options, id);
        if (options.Tracks != MediaStreamTracks.Inbound)
            throw new ArgumentException("Of a room the inbound track alone can be streamed: what all say.", nameof(options));
        var rate = StreamCodec.Of(options.Encoding).Rate;
        var port = NewPort(options, BotPort.RoomRateOf(rate), id);
        var guest = new StreamedRoom(port);
        if (!guest.TryAttach(bots.Rooms, roomId))
            return null;
        var (stream, session) = Open(id, null, roomId, options, [new StreamTrack("inbound", port)]);
        guest.Serve(session);
        return stream;
    }

    /// <summary>The server stops.</summary>
    public async Task EndAsync()
    {
        foreach (var stream in _streams.Values)
            _ = stream.StopAsync();
        await Task.WhenAll(_streams.Values.Select(stream => stream.Ended)).ConfigureAwait(false);
    }

    // Without attributes: the parameters may be secrets of the program's.
    private static RoomBotOptions BotOptionsOf(MediaStreamOptions options, string id) => new()
    {
        Id = options.ParticipantId ?? id,
        SampleRate = StreamCodec.Of(options.Encoding).Rate,
        MaxQueued = TimeSpan.FromMinutes(10),
        DetectTalking = false,
    };

    private MediaStream? StreamMember(string roomId, MediaStreamOptions options, string id)
    {
        StreamSession? session = null;
        // Connected with its program only: who waits for others in the room is not answered for one that can't be reached.
        var member = BotOptionsOf(options, id) with
        {
            OnEvent = what =>
            {
                if (what is RoomBotEvent.Digit digit)
                    Volatile.Read(ref session)?.OnKey(digit.Key);
            },
        };
        if (bots.TryAdd(roomId, member, options.MustFindRoom, isOurs: true, isConnected: false) is not { } bot)
            return null;
        (var stream, session) = Open(id, null, roomId, options, [new StreamTrack("inbound", bot.Port)], onOpen: bot.SetConnected);
        var begun = session;
        begun.Ended.ContinueWith(_ => bot.Leave("its stream is over"), TaskScheduler.Default);
        bot.Left.ContinueWith(_ => begun.Stop(MediaStreamEnd.Ended), TaskScheduler.Default);
        return stream;
    }

    private void Tell(MediaStream stream)
    {
        var info = stream.GetInfo();
        if (info.State == MediaStreamState.Ended)
            _streams.TryRemove(stream.Id, out _);
        if (info.End == MediaStreamEnd.Failed)
            ServerLog.StreamFailed(logger, info.Id, info.Host, info.Reason ?? "");
        else if (info.State == MediaStreamState.Open)
            ServerLog.StreamOpen(logger, info.Id, info.Host, info.CallId ?? info.RoomId!);
        if (events.IsWatched)
            events.Tell(new SipServerEvent.Stream(info));
    }
}
