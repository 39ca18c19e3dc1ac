using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Throws whatever is logged, as a logger does whose sink is gone.</summary>
internal sealed class BrokenLog : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new AggregateException("the disk is full");
}
