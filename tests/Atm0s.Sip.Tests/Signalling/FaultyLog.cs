using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A log that throws when a certain line is written, and so breaks a call at that point; and that counts the rest.</summary>
internal sealed class FaultyLog(int throwsAt) : ILoggerFactory, ILogger
{
    /// <summary>Whether it throws now.</summary>
    public bool IsArmed { get; set; } = true;

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
        if (IsArmed && eventId.Id == throwsAt)
            throw new InvalidOperationException("broken");
        Written.Add(eventId.Id);
        Lines.Add(formatter(state, exception));
        if (exception is not null)
            Exceptions.Add(exception);
    }

    public void Dispose()
    {
    }
}
