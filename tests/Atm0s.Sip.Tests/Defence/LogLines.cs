using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Keeps the lines of a log.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly List<(int Id, string Text)> _lines = [];

    public IEnumerable<string> All => _lines.Select(l => l.Text);

    public IEnumerable<string> Of(int id) => _lines.Where(l => l.Id == id).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((eventId.Id, $"{logLevel} {formatter(state, exception)}"));
}
