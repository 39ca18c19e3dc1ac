using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// Where an exception ends that nobody was to see: at the last edge of a thread, a timer or a work item. One costs that piece of work, and
/// never the process. Any thread.
/// </summary>
internal sealed class Faults(SipServerMetrics metrics, ILogger logger)
{
    /// <summary>Tells and counts it. Never throws.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="where">The kind of work, one word or two; one of few, for it is a tag.</param>
    public void Tell(Exception exception, string where)
    {
        try
        {
            metrics.Fault(where);
            ServerLog.WorkFailed(logger, exception, where);
        }
#pragma warning disable CA1031 // A listener of metrics that throws too: there is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
