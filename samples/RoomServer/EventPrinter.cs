using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Atm0s.Sip.Hooks;

namespace RoomServer;

/// <summary>One line for each event: time, kind, then key=value pairs.</summary>
public sealed class EventPrinter : ICallObserver, IRegistrationObserver
{
    // What IsPlain says of ASCII: most values have nothing else.
    private static readonly SearchValues<char> PlainAscii =
        SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(IsPlain)]);

    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();
    private readonly TextWriter _output;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _delay;
    private readonly ITimer _flush;
    private bool _isWaiting;

    /// <param name="output">Gets the lines.</param>
    /// <param name="timeProvider">Clock of the lines, and of the delay.</param>
    /// <param name="delay">How long a line may wait in the buffer of <paramref name="output"/>; zero flushes each at once.</param>
    public EventPrinter(TextWriter output, TimeProvider timeProvider, TimeSpan delay = default)
    {
        _output = output;
        _timeProvider = timeProvider;
        _delay = delay;
        _flush = timeProvider.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Print(string kind, params ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        lock (_lock)
        {
            _line.Clear().Append(CultureInfo.InvariantCulture, $"{_timeProvider.GetLocalNow():HH:mm:ss.fff} {kind}");
            foreach (var (key, value) in pairs)
                AppendQuoted(_line.Append(' ').Append(key).Append('='), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            _output.WriteLine(_line);
            if (_delay == TimeSpan.Zero)
                _output.Flush();
            else if (!_isWaiting)
                _flush.Change(_delay, Timeout.InfiniteTimeSpan);
            _isWaiting = _delay > TimeSpan.Zero;
        }
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _isWaiting = false;
            _output.Flush();
        }
    }

    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken)
    {
        Print(
            registration.IsRefresh ? "refreshed" : "registered",
            ("user", registration.Username),
            ("session", registration.SessionId),
            ("contact", registration.Contact),
            ("from", registration.Source),
            ("expires", (int)registration.Expires.TotalSeconds));
        return ValueTask.CompletedTask;
    }

    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken)
    {
        Print("unregistered", ("user", registration.Username), ("session", registration.SessionId), ("reason", Kebab(reason.ToString())));
        return ValueTask.CompletedTask;
    }

    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var call = callEvent.Call;
        (string, object?)[] who =
        [
            ("call", call.CallId),
            ("direction", call.Direction == CallDirection.Incoming ? "in" : "out"),
            ("from", call.From),
            ("to", call.To),
            ("room", call.RoomId),
        ];
        switch (callEvent)
        {
            case CallEvent.Connecting:
                Print("connecting", who);
                break;
            case CallEvent.Ringing:
                Print("ringing", who);
                break;
            case CallEvent.Answered answered:
                Print("answered", [.. who, ("codec", answered.Codec)]);
                break;
            case CallEvent.Held held:
                Print("held", [.. who, ("by", held.ByHost ? "host" : "phone")]);
                break;
            case CallEvent.Resumed resumed:
                Print("resumed", [.. who, ("by", resumed.ByHost ? "host" : "phone")]);
                break;
            case CallEvent.Ended ended:
                Print(
                    "ended",
                    [
                        .. who,
                        ("cause", Kebab(ended.Cause.ToString())),
                        ("status", ended.StatusCode),
                        ("duration", ended.Duration.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)),
                        ("why", ended.Reason),
                    ]);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private static void AppendQuoted(StringBuilder line, string value)
    {
        if (value.Length > 0 && (!value.AsSpan().ContainsAnyExcept(PlainAscii) || value.All(IsPlain)))
            line.Append(value);
        else
            line.Append('"').Append(JsonEncodedText.Encode(value)).Append('"');
    }

    // Names come from strangers: none of them moves the cursor, breaks the line or turns the direction of writing.
    private static bool IsPlain(char c) => c is not (' ' or '"') && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
