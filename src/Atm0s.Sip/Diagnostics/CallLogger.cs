using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// The log of one call: each line has both of its ids as fields, ours (<c>CallId</c>) and the phone's Call-ID (<c>SipCallId</c>), whatever
/// its text names. Costs nothing where the line is not written.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="callId">Our id.</param>
/// <param name="sipCallId">The phone's Call-ID.</param>
internal sealed class CallLogger(ILogger inner, string callId, string sipCallId) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
            return;
        var fields = new CallLogFields(state, error => formatter(state, error), callId, LogText.Plain(sipCallId));
        inner.Log(logLevel, eventId, fields, exception, static (line, error) => line.Format(error));
    }
}
