namespace Atm0s.Sip.Bots;

/// <summary>A piece of work for the scheduler. What it throws costs nothing else: on a thread of the pool it would end the process.</summary>
internal sealed class PostedWork(Action work) : IThreadPoolWorkItem
{
    public void Execute()
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // Of a log or of who listens; who has something to tell catches it himself.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
