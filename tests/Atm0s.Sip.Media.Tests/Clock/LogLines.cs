using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Keeps what is logged, as "event text".</summary>
internal sealed class LogLines : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Of(int eventId) => _lines.Where(l => l.StartsWith($"{eventId} ", StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
}
