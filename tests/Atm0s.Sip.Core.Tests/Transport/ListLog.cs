using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLog : ILogger
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Lines { get; } = [];

    /// <summary>Throws at every line.</summary>
    public bool Throws { get; set; }

    public int CountOf(int id) => Lines.Count(line => line.Id == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
        if (Throws)
            throw new InvalidOperationException("The log is broken.");
    }
}
