using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <content>Every piece of a call's work begins here, so that what throws ends this call, and nothing else.</content>
internal abstract partial class CallLeg
{
    /// <summary>Runs a piece of the call's work. On the shard.</summary>
    protected internal void Guard(Action work)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // Whatever it is, the caller gets his answer, and ports and places are given back.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    /// <summary>Runs a piece of the call's work on the shard. Any thread.</summary>
    protected void Post(Action work) => Shard.Post(static (_, leg, work) => ((CallLeg)leg!).Guard((Action)work!), this, work);

    /// <summary>A deadline of the call.</summary>
    protected SipTimer NewTimer(Action onDue) => new(Shard, _ => Guard(onDue));

    private void Fail(Exception exception)
    {
        ServerLog.CallFailed(Services.Logger, exception, Id);
        Release(() => Finish(CallEndCause.Failed, 500, "an error inside the server"));
        // Where what is broken is the goodbye itself.
        End(CallEndCause.Failed, 500, "an error inside the server");
    }

    private void Release(Action release)
    {
        try
        {
            release();
        }
#pragma warning disable CA1031 // The end of a call goes on whatever happens.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.CallEndFailed(Services.Logger, exception, Id);
        }
    }
}
