using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Codecs that a tick has no use for any more: another thread disposes of those that may take their time.</summary>
internal sealed class LegDisposal(ILogger logger) : IThreadPoolWorkItem
{
    private List<IDisposable>? _used;

    /// <summary>Disposes of something, or keeps it for <see cref="Begin"/>.</summary>
    public void Add(IDisposable? used)
    {
        if (used is IQuickDisposal { IsQuick: true })
            used.Dispose();
        else if (used is not null)
            (_used ??= new List<IDisposable>(4)).Add(used);
    }

    /// <summary>Disposes of it all, soon. Called once, and nothing is added after it.</summary>
    public void Begin()
    {
        if (_used is not null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        foreach (var used in _used ?? [])
        {
            try
            {
                used.Dispose();
            }
            catch (Exception e) // a codec of the host
            {
                Tell(logger, e);
            }
        }
    }

    /// <summary>Tells of a codec that threw, on a thread of the pool.</summary>
    public static void Tell(ILogger logger, Exception exception) => MediaLog.DisposalFailed(logger, exception);
}
