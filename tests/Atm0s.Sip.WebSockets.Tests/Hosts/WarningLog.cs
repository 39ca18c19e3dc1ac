using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.WebSockets.Tests.Hosts;

/// <summary>Keeps the ids of what is logged.</summary>
internal sealed class WarningLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<int> Written { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Written.Enqueue(eventId.Id);

    public void Dispose()
    {
    }
}
