using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>Keeps the first error that is logged.</summary>
internal sealed class ErrorLog : ILoggerFactory, ILogger
{
    /// <summary>The first one, with its exception; null when there was none.</summary>
    public string? First { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
            First ??= $"{formatter(state, exception)}\n{exception}";
    }

    public void Dispose()
    {
    }
}
