namespace Atm0s.Sip.Testing.Networks;

/// <summary>Brings what awaits in handlers and tests back to the thread of the test, where the world runs it.</summary>
internal sealed class WorldContext(ManualScheduler scheduler) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => scheduler.Schedule(new Continuation(d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    private sealed class Continuation(SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
    {
        public void Execute() => callback(state);
    }
}
