using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// The one way of the server's text into a log: what strangers have sent is in it as <see cref="LogText.Plain"/> leaves it. A log that throws
/// loses its line, and nothing else: whoever writes one is in the middle of something.
/// </summary>
internal sealed class PlainLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            if (inner.IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, (values, error) => LogText.Plain(formatter(values, error)));
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
