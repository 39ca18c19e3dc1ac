using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Good calls before, during and after something bad.</summary>
internal static class Attack
{
    /// <summary>The first address of those who attack: the good ones have those before.</summary>
    public const int FirstSource = 1_000;

    private const double WarmSeconds = 15;

    /// <summary>Runs it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="quietSeconds">How long the good ones are alone, before and after.</param>
    /// <param name="seconds">How long the attack is.</param>
    /// <param name="begin">Makes the attack: called when it starts, gives what ends it.</param>
    /// <param name="goodSource">The first address of the good ones, and how many.</param>
    public static AttackResult Run(
        ServerUnderTest server, double quietSeconds, double seconds, Func<TrafficLoop, Action> begin,
        (int First, int Count)? goodSource = null)
    {
        using var loop = new TrafficLoop(server.Target, withAudio: true);
        var good = new GoodCalls(loop, server, goodSource?.First ?? 0, goodSource?.Count ?? GoodCalls.Count);
        var probe = new ProcessProbe(server.ProcessId);
        var progress = new Progress(server.Name, good.Calls, server, null);
        var peak = 0L;
        good.Start();
        Go(WarmSeconds);
        good.Take();
        Go(quietSeconds);
        var before = good.Take();
        Console.Error.WriteLine($"before: {before.Text}");

        var sample = probe.Read();
        peak = 0;
        var (drops, ownDrops) = (SocketDrops.Of(server.Target.Port), loop.Drops);
        var end = begin(loop);
        Go(seconds);
        end();
        var during = good.Take();
        Console.Error.WriteLine($"during: {during.Text}");
        foreach (var flood in loop.Floods)
            Console.Error.WriteLine($"flood: {flood.Sent} sent, {flood.Pacer.Late} late, answers {flood.AnswersText}");

        Go(quietSeconds);
        var after = good.Take();
        Console.Error.WriteLine($"after: {after.Text}");
        var result = new AttackResult(before, during, after)
        {
            ServerBefore = sample,
            PeakMemory = peak,
            ServerAfter = probe.Read(),
            ServerDrops = SocketDrops.Of(server.Target.Port) - drops,
            OwnDrops = loop.Drops - ownDrops,
        };
        loop.Drain();
        return result;

        void Go(double time) => loop.Run(Clock.Now + (long)(time * Clock.Second), everySecond: now =>
        {
            peak = Math.Max(peak, probe.Read().Memory);
            progress.Print(now);
        });
    }
}
