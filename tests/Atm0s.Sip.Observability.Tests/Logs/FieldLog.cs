using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Observability.Tests.Logs;

/// <summary>Keeps the lines of a log with their fields.</summary>
internal sealed class FieldLog : ILoggerFactory, ILogger
{
    private readonly List<Line> _lines = [];

    public IReadOnlyList<Line> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fields = (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(field => field.Key, field => field.Value);
        lock (_lines)
            _lines.Add(new Line(eventId.Id, logLevel, formatter(state, exception), fields));
    }

    internal sealed record Line(int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields);
}
