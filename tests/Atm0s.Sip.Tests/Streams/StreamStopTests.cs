using Atm0s.Sip.Bots;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Streams;

/// <summary>The end of a media stream, as those who end it see it.</summary>
public sealed class StreamStopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Many times: whether it waits already when it is stopped is for the threads to say.
    [Test]
    [Repeat(3)]
    public void Stop_RunsNothingOfTheEnd_WhereItIsAskedFor()
    {
        using var waits = new ManualResetEventSlim();
        var ended = 0;
        var session = New(
            one =>
            {
                if (one.State == MediaStreamState.Ended)
                    Volatile.Write(ref ended, Environment.CurrentManagedThreadId);
            },
            new WaitingTime(waits));
        session.Start();
        Assert.That(waits.Wait(Limit), Is.True, "nobody listens there: it waits before it tries again");
        Thread.Yield();
        session.Stop(MediaStreamEnd.Ended);
        Assert.That(session.Ended.Wait(Limit), Is.True);
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref ended) != 0, Limit), Is.True);
        Assert.That(ended, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void Stop_AfterTheEnd_IsNothing()
    {
        var session = New(_ => { }, TimeProvider.System);
        session.Stop(MediaStreamEnd.Stopped);
        session.Start();
        Assert.That(session.Ended.Wait(Limit), Is.True);
        Assert.That(() => session.Stop(MediaStreamEnd.Ended), Throws.Nothing);
        Assert.That(session.Ended.Result, Is.EqualTo(MediaStreamEnd.Stopped));
    }

    private static StreamSession New(Action<StreamSession> onChanged, TimeProvider time)
    {
        var port = new BotPort(8000, 8000, new RoomBotOptions { SampleRate = 8000 }, SipScheduler.ThreadPool, _ => { });
        return new StreamSession(
            "MZ1", null, "room1", new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:1/") }, [new StreamTrack("inbound", port)],
            onChanged, time);
    }

    // Tells when somebody waits by it.
    private sealed class WaitingTime(ManualResetEventSlim waits) : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            waits.Set();
            return timer;
        }
    }
}
