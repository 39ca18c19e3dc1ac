using System.Collections.Concurrent;
using System.Net.WebSockets;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Streams;

/// <summary>One connection to a program: its messages in both directions, from <c>connected</c> to <c>stop</c>.</summary>
internal sealed class StreamConnection : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly ConcurrentQueue<string> _reached = new();  // marks
    private readonly SemaphoreSlim _wake = new(0);
    private readonly MediaStreamOptions _options;
    private readonly StreamCodec _codec;
    private readonly StreamMessages _messages;
    private readonly IReadOnlyList<StreamTrack> _tracks;
    private readonly int _maxMessage;
    private readonly StreamKeys _keys;
    private readonly MarkBudget _marks = new();

    public StreamConnection(
        MediaStreamOptions options, StreamCodec codec, string streamSid, string callSid, IReadOnlyList<StreamTrack> tracks,
        StreamKeys keys, int maxMessage)
    {
        _options = options;
        _codec = codec;
        _tracks = tracks;
        _keys = keys;
        _invoker = StreamSocket.NewInvoker(options.Timeout);
        _maxMessage = maxMessage;
        _messages = new StreamMessages(streamSid, callSid, options, codec);
        foreach (var (name, value) in options.Headers)
            _socket.Options.SetRequestHeader(name, value);
        if (options.SigningKey is { } key)
            _socket.Options.SetRequestHeader(StreamSignature.HeaderName, StreamSignature.Of(options.Url, key));
    }

    public async Task ConnectAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(_options.Timeout);
        await _socket.ConnectAsync(_options.Url, _invoker, limit.Token).ConfigureAwait(false);
        foreach (var track in _tracks)
            track.Restart();
        await SendAsync(_messages.Connected(), limit.Token).ConfigureAwait(false);
        await SendAsync(_messages.Start(_tracks.Select(track => track.Name)), limit.Token).ConfigureAwait(false);
    }

    /// <summary>There are keys to be sent.</summary>
    public void OnKeys() => Wake();

    /// <summary>Speaks with the program until it closes, or until told to stop. What breaks is thrown.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Cancelling what a WebSocket does breaks it: who is told to stop first says so to the program.
        using var breaking = new CancellationTokenSource();
        await using var stop = stopping.Register(Wake).ConfigureAwait(false);
        var receiving = ReceiveAsync(breaking.Token);
        var sending = SendAllAsync(stopping, breaking.Token);
        try
        {
            await await Task.WhenAny(receiving, sending).ConfigureAwait(false);
            await CloseAsync(receiving).ConfigureAwait(false);
        }
        finally
        {
            await breaking.CancelAsync().ConfigureAwait(false);
            Wake();
            await Task.WhenAll(Ignore(receiving), Ignore(sending)).ConfigureAwait(false);
            // What was said for a program that is gone is not heard any more.
            _tracks[0].Port.Work.Flush();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _invoker.Dispose();
        _wake.Dispose();
    }

    private static async Task Ignore(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // The first of the two has told.
        }
    }

    private async Task SendAllAsync(CancellationToken stopping, CancellationToken breaking)
    {
        var frame = new short[_codec.Rate / 50];
        Task? woken = null;
        while (!stopping.IsCancellationRequested)
        {
            breaking.ThrowIfCancellationRequested();
            var more = _tracks[0].Port.Work.WaitForAudioAsync();
            var hasSent = false;
            while (_keys.TryPeek(out var key))
            {
                await SendInTimeAsync(_messages.Digit(key), breaking).ConfigureAwait(false);
                _keys.Taken();
                hasSent = true;
            }

            while (_reached.TryDequeue(out var mark))
            {
                await SendInTimeAsync(_messages.Mark(mark), breaking).ConfigureAwait(false);
                _marks.GiveBack(mark);
                hasSent = true;
            }

            foreach (var track in _tracks)
            {
                if (!track.TryTake(frame, out var timestamp))
                    continue;
                await SendInTimeAsync(_messages.Media(track.Name, track.Chunk, timestamp, frame), breaking).ConfigureAwait(false);
                hasSent = true;
            }

            if (hasSent)
                continue;
            // Of a port that has left there will be no more; what wakes is a key, a mark, or the end.
            // The same wait until it has ended: one that is left behind would take the next signal with it.
            woken ??= _wake.WaitAsync(breaking);
            await (_tracks[0].Port.Work.IsOver ? woken : Task.WhenAny(more, woken)).ConfigureAwait(false);
            if (woken.IsCompleted)
                woken = null;
        }

        await SendInTimeAsync(_messages.Stop(), breaking).ConfigureAwait(false);
    }

    // A program that does not read fills what the network holds, and then this waits.
    private async Task SendInTimeAsync(ReadOnlyMemory<byte> message, CancellationToken breaking)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(breaking);
        limit.CancelAfter(_options.Timeout);
        await SendAsync(message, limit.Token).ConfigureAwait(false);
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private async Task ReceiveAsync(CancellationToken ending)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.AsMemory(length), ending).ConfigureAwait(false);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                // RFC 6455 §7.4.1: 1000 is of a program that has done its work. 1001 is a server that goes down, and may come back;
                // what else there is tells of a fault.
                if (_socket.CloseStatus is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.Empty or null)
                    return;
                throw new WebSocketException($"the program closed with {(int?)_socket.CloseStatus}");
            }

            length += result.Count;
            if (length >= _maxMessage)
                throw new WebSocketException("the program sent a message of more than 1 MiB");
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, _maxMessage));
            if (!result.EndOfMessage)
                continue;
            // Audio comes in texts; what is binary is not ours.
            if (result.MessageType == WebSocketMessageType.Text && _options.TwoWay)
                await TakeAsync(ReceivedMessage.Read(buffer.AsMemory(0, length)), ending).ConfigureAwait(false);
            length = 0;
        }
    }

    private async ValueTask TakeAsync(ReceivedMessage message, CancellationToken ending)
    {
        var port = _tracks[0].Port;
        switch (message.Kind)
        {
            case StreamMessageKind.Media:
                await SayAsync(_codec.Decode(message.Payload), ending).ConfigureAwait(false);
                break;
            case StreamMessageKind.Mark:
                await _marks.TakeAsync(message.Name, ending).ConfigureAwait(false);
                port.Work.Mark(_ => OnReached(message.Name));
                break;
            case StreamMessageKind.Clear:
                port.Work.Flush();
                break;
        }
    }

    // As long as more than ten minutes wait nothing is read: the program feels it.
    private async ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken ending)
    {
        var port = _tracks[0].Port;
        while (!samples.IsEmpty && !port.Work.IsOver)
        {
            var room = port.Work.WaitForRoomAsync();
            samples = samples[port.Speech.Write(samples.Span)..];
            if (!samples.IsEmpty && port.Speech.Free == 0)
                await room.WaitAsync(ending).ConfigureAwait(false);
        }
    }

    private void OnReached(string mark)
    {
        _reached.Enqueue(mark);
        Wake();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SemaphoreFullException)
        {
            // The connection is over.
        }
    }

    // RFC 6455 §7.1.2: both sides close; a program that does not is left after two seconds.
    private async Task CloseAsync(Task receiving)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
            await receiving.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException
            or InvalidOperationException)
        {
            // It was to end anyway.
        }
    }
}
