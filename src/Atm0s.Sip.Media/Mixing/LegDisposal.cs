using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Codecs that a tick has no use for any more: another thread disposes of them.</summary>
internal sealed class LegDisposal(ILogger logger) : IThreadPoolWorkItem
{
    private readonly List<IDisposable> _used = new(4);

    /// <summary>Keeps something to be disposed of.</summary>
    public void Add(IDisposable? used)
    {
        if (used is not null)
            _used.Add(used);
    }

    /// <summary>Disposes of it all, soon. Called once, and nothing is added after it.</summary>
    public void Begin()
    {
        if (_used.Count > 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        foreach (var used in _used)
        {
            try
            {
                used.Dispose();
            }
            catch (Exception e) // a codec of the host
            {
                MediaLog.DisposalFailed(logger, e);
            }
        }
    }
}
