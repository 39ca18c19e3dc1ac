using System.Net.WebSockets;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Streams;

/// <summary>
/// A media stream: Connecting -> Open (-> Connecting ...) -> Ended. Connects to the program, again when the connection breaks, and gives up
/// when no try is left. Audio waits in the queues of its tracks, which are bounded; a program that does not read loses the oldest.
/// </summary>
#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing, and a late stop may still come to it.
internal sealed class StreamSession
#pragma warning restore CA1001
{
    private const int MaxMessage = 1 << 20;

    private readonly TaskCompletionSource<MediaStreamEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly MediaStreamOptions _options;
    private readonly IReadOnlyList<StreamTrack> _tracks;
    private readonly Action<StreamSession> _onChanged;
    private readonly StreamCodec _codec;
    private readonly StreamKeys _keys = new();
    private readonly TimeProvider _time;
    private StreamConnection? _connection;
    private int _end = -1;
    private volatile string? _reason;
    private volatile MediaStreamState _state;

    /// <param name="id">Its <c>streamSid</c>.</param>
    /// <param name="callId">The call, or null.</param>
    /// <param name="roomId">The room, or null.</param>
    /// <param name="options">Where to, and how.</param>
    /// <param name="tracks">What the program hears; the first one's port is what it says.</param>
    /// <param name="onChanged">Is told when its state changes.</param>
    /// <param name="time">By what it waits before it connects again.</param>
    public StreamSession(
        string id, string? callId, string? roomId, MediaStreamOptions options, IReadOnlyList<StreamTrack> tracks,
        Action<StreamSession> onChanged, TimeProvider time)
    {
        (Id, CallId, RoomId) = (id, callId, roomId);
        _options = options;
        _tracks = tracks;
        _onChanged = onChanged;
        _time = time;
        _codec = StreamCodec.Of(options.Encoding);
    }

    public string Id { get; }

    public string? CallId { get; }

    public string? RoomId { get; }

    public MediaStreamState State => _state;

    public Task<MediaStreamEnd> Ended => _ended.Task;

    public TimeSpan Missed => _tracks[0].Port.TimeOf(_tracks.Max(track => track.Port.Hearing.Lost));

    public MediaStreamInfo GetInfo() => new(
        Id, _options.Url.Host, CallId, RoomId, State, Ended.IsCompletedSuccessfully ? Ended.Result : null, _reason, Missed);

    /// <summary>Begins to connect.</summary>
    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>Ends it; the first reason counts. Nothing of the end runs here: who stops it may hold a lock, or be a shard.</summary>
    public void Stop(MediaStreamEnd why)
    {
        if (Interlocked.CompareExchange(ref _end, (int)why, -1) == -1)
            _ = _stopping.CancelAsync();
    }

    /// <summary>The phone has pressed a key.</summary>
    public void OnKey(char key)
    {
        _keys.Add(key);
        Volatile.Read(ref _connection)?.OnKeys();
    }

    private async Task RunAsync()
    {
        var reconnect = new ReconnectRule(_options.MaxReconnects);
        while (Volatile.Read(ref _end) < 0)
        {
            long? openSince = null;
            try
            {
                using var connection = new StreamConnection(_options, _codec, Id, CallId ?? RoomId!, _tracks, _keys, MaxMessage);
                await connection.ConnectAsync(_stopping.Token).ConfigureAwait(false);
                openSince = _time.GetTimestamp();
                Volatile.Write(ref _connection, connection);
                Change(MediaStreamState.Open);
                await connection.RunAsync(_stopping.Token).ConfigureAwait(false);
                Stop(MediaStreamEnd.ClosedByProgram);
            }
#pragma warning disable CA1031 // Whatever it is: it is tried anew, and the stream ends at last.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested)
                    _reason = exception is OperationCanceledException ? "the program does not answer in time" : exception.Message;
            }

            Volatile.Write(ref _connection, null);
            if (Volatile.Read(ref _end) >= 0)
                break;
            if (reconnect.OnBroken(openSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero) is { } wait)
                await WaitAsync(wait).ConfigureAwait(false);
            else
                Stop(MediaStreamEnd.Failed);
        }

        _ended.TrySetResult((MediaStreamEnd)Volatile.Read(ref _end));
        Change(MediaStreamState.Ended);
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        Change(MediaStreamState.Connecting);
        try
        {
            await Task.Delay(wait, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private void Change(MediaStreamState state)
    {
        _state = state;
        try
        {
            _onChanged(this);
        }
#pragma warning disable CA1031 // Of a log or of who watches: the stream goes on, and comes to its end.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
