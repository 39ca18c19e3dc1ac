using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// The one way of the server's text into a log: what strangers have sent is in it as <see cref="LogText.Plain"/> leaves it. A log that
/// throws (a full disk, a provider at fault) costs its line, and no call, binding or place. Any thread.
/// </summary>
internal sealed class PlainLogger(ILogger inner) : ILogger
{
    private volatile Action? _onLost;

    /// <summary>Told of each line that is lost; must not throw.</summary>
    public Action? OnLost
    {
        set => _onLost = value;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
#pragma warning disable CA1031 // A log is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
            _onLost?.Invoke();
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // A log is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
            _onLost?.Invoke();
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
#pragma warning disable CA1031 // A log is the host's code; to tell it of this is in vain.
        catch (Exception)
#pragma warning restore CA1031
        {
            _onLost?.Invoke();
        }
    }
}
