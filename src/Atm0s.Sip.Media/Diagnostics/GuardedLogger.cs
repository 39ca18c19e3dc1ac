using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>
/// The one way of media into a log. A sink that throws - the disk is full, a service is gone - costs its own line, and no room, thread or
/// port: nobody who logs need think of it.
/// </summary>
internal sealed class GuardedLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null; // media opens none

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is no other place to tell of it.
        }
    }
}
