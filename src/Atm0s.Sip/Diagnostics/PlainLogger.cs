using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// The one way of the server's text into a log: what strangers have sent is in it as <see cref="LogText.Plain"/> leaves it.
/// </summary>
internal sealed class PlainLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel))
            inner.Log(logLevel, eventId, state, exception, (values, error) => LogText.Plain(formatter(values, error)));
    }
}
