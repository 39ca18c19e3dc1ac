namespace Atm0s.Sip.Bots;

/// <summary>A piece of work for the scheduler.</summary>
internal sealed class PostedWork(Action work) : IThreadPoolWorkItem
{
    public void Execute() => work();
}
