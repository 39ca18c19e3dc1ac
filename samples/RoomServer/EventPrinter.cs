using System.Globalization;
using System.Text;
using System.Text.Json;
using Atm0s.Sip.Hooks;

namespace RoomServer;

/// <summary>One line for each event: time, kind, then key=value pairs.</summary>
public sealed class EventPrinter(TextWriter output, TimeProvider timeProvider) : ICallObserver, IRegistrationObserver
{
    private readonly Lock _lock = new();

    public void Print(string kind, params ReadOnlySpan<(string Key, object? Value)> pairs)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{timeProvider.GetLocalNow():HH:mm:ss.fff} {kind}");
        foreach (var (key, value) in pairs)
            line.Append(' ').Append(key).Append('=').Append(Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        lock (_lock)
            output.WriteLine(line);
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

    private static string Quote(string value) =>
        value.Length > 0 && value.AsSpan().IndexOfAny(" \"") < 0 ? value : $"\"{JsonEncodedText.Encode(value)}\"";

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
