using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Diagnostics;

/// <summary>
/// Catches what work items throw: on a thread of the pool it would be the end of the process, and each is of one call, bot or question.
/// </summary>
/// <param name="inner">Where they run.</param>
/// <param name="faults">Gets it.</param>
internal sealed class GuardedScheduler(SipScheduler inner, Faults faults) : SipScheduler
{
    public override void Schedule(IThreadPoolWorkItem item) => inner.Schedule(item as IGuardedWork ?? new Guarded(item, faults));

    private sealed class Guarded(IThreadPoolWorkItem item, Faults faults) : IGuardedWork
    {
        void IThreadPoolWorkItem.Execute()
        {
            try
            {
                item.Execute();
            }
#pragma warning disable CA1031 // See above.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                faults.Tell(exception, "work item");
            }
        }
    }
}
