using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Asking;

/// <summary>A runner of hooks beside the shard of a server in virtual time.</summary>
internal sealed class HookBench : IAsyncDisposable
{
    private readonly SipServerMetrics _metrics = new();

    public HookBench(HookSource source, Action<SipServerOptions>? configure = null)
    {
        var options = new SipServerOptions();
        configure?.Invoke(options);
        Shard = World.StartServer(new TestHost().Handlers, o => o.ShardCount = 1).Parts.Stack.Shards[0];
        Workers = new HookWorkers(World.Scheduler, World.Time, options.MaxHandlerThreads);
        Runner = new HookRunner(source, Workers, World.Scheduler, options, World.Time, _metrics, Log);
    }

    public VirtualWorld World { get; } = new();

    public SipShard Shard { get; }

    public HookWorkers Workers { get; }

    public HookRunner Runner { get; }

    public FaultyLog Log { get; } = new(throwsAt: -1);

    /// <summary>Outcomes, oldest first.</summary>
    public List<HookOutcome<AuthDecision>> Outcomes { get; } = [];

    /// <summary>The last question.</summary>
    public HookQuestion<IAuthProvider, AuthDecision>? Question { get; private set; }

    private static AuthRequest Request { get; } = new()
    {
        Username = "alice",
        Realm = "r",
        Algorithm = "MD5",
        Method = "REGISTER",
        AddressOfRecord = "sip:alice@r",
        SessionId = "s",
        Source = VirtualWorld.ServerEndPoint,
    };

    /// <summary>Asks on the shard, and runs what that leads to.</summary>
    public void Ask()
    {
        Shard.Post(_ =>
        {
            var before = Outcomes.Count;
            Question = Runner.Ask<IAuthProvider, AuthDecision>(
                Shard,
                TimeSpan.FromSeconds(5),
                "q",
                static (provider, cancellation) => provider.AuthorizeAsync(Request, cancellation),
                (_, outcome) => Outcomes.Add(outcome));
            Assert.That(Outcomes, Has.Count.EqualTo(before), "never inside the question");
        });
        World.Scheduler.RunUntilIdle();
    }

    /// <summary>Asks often at one time.</summary>
    /// <returns>Bytes that this took.</returns>
    public long AskOften(int times)
    {
        var (bytes, answers) = (0L, 0);
        Action<SipShard, HookOutcome<AuthDecision>> onOutcome = (_, _) => answers++;
        Shard.Post(_ =>
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                Runner.Ask<IAuthProvider, AuthDecision>(
                    Shard,
                    TimeSpan.FromSeconds(5),
                    "q",
                    static (provider, cancellation) => provider.AuthorizeAsync(Request, cancellation),
                    onOutcome);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        });
        World.Scheduler.RunUntilIdle();
        Assert.That(answers, Is.EqualTo(times));
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Workers.Dispose();
        _metrics.Dispose();
        await World.DisposeAsync();
    }
}
