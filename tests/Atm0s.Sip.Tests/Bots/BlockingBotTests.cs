using Atm0s.Sip.Bots;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Tests.Bots;

/// <summary>Bots whose callbacks block a thread, many at once.</summary>
public sealed class BlockingBotTests
{
    [Test]
    public void CallbacksThatBlock_HoldNoThreadOfThePool_AndNoOtherBot()
    {
        const int Blocking = 40;
        using var workers = new HookWorkers(SipScheduler.ThreadPool, TimeProvider.System, 64);
        using var free = new ManualResetEventSlim();
        using var held = new CountdownEvent(Blocking);
        using var answered = new ManualResetEventSlim();
        var ofThePool = 0;
        var blocking = Enumerable.Range(0, Blocking).Select(_ => NewPort((_, _) =>
        {
            Interlocked.Add(ref ofThePool, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
            if (!free.IsSet)
                held.Signal();
            free.Wait();
            return false;
        })).ToList();
        var other = NewPort((_, _) =>
        {
            answered.Set();
            return true;
        });
        foreach (var port in blocking)
            port.Write(new short[160]);
        Assert.That(held.Wait(TimeSpan.FromSeconds(60)), Is.True, "all of them block");
        other.Write(new short[160]);
        var isAnswered = answered.Wait(TimeSpan.FromSeconds(60));
        free.Set();
        Assert.That((isAnswered, ofThePool), Is.EqualTo((true, 0)));

        BotPort NewPort(RoomBotFrame frame) => new(
            8000, 8000, new RoomBotOptions { SampleRate = 8000, DetectTalking = false, OnFrame = frame }, SipScheduler.ThreadPool, _ => { },
            workers);
    }
}
