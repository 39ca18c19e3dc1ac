using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A log that throws when a certain line is written, or at whatever is asked of it; and that counts the rest.</summary>
internal sealed class FaultyLog(int throwsAt) : ILoggerFactory, ILogger
{
    /// <summary>Whether it throws now.</summary>
    public bool IsArmed { get; set; } = true;

    /// <summary>Whether it throws at everything, as long as it is armed.</summary>
    public bool ThrowsAlways { get; init; }

    /// <summary>Lines that it has thrown at.</summary>
    public int Thrown { get; private set; }

    /// <summary>Numbers of the lines written.</summary>
    public List<int> Written { get; } = [];

    /// <summary>The lines written, as text.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Exceptions that were written down.</summary>
    public List<Exception> Exceptions { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsArmed && (ThrowsAlways || eventId.Id == throwsAt))
        {
            Thrown++;
            throw new InvalidOperationException("broken");
        }

        Written.Add(eventId.Id);
        Lines.Add(formatter(state, exception));
        if (exception is not null)
            Exceptions.Add(exception);
    }

    public void Dispose()
    {
    }
}
