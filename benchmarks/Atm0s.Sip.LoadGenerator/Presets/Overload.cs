using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>S9: half as many calls again as the server may have, beside 20 that are up.</summary>
internal sealed class Overload(Settings settings) : Preset(settings)
{
    private const int Held = 20;
    private const int Cap = 120;
    private const double HoldSeconds = 2;

    public override string Title => "S9, overload";

    public override int? MaxCalls => Cap;

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        using var loop = new TrafficLoop(server.Target, withAudio: true);
        var held = new Workload(Calls(server, long.MaxValue))
        {
            Limit = Held, MaxOutstanding = Held, Users = (0, Held), Sources = (0, Held),
        };
        loop.Workloads.Add(held);
        var progress = new Progress(server.Name, held, server, null);
        Go(10);

        // The places that are left take 1.5 times as many.
        var more = new Workload(Calls(server, (long)(HoldSeconds * Clock.Second)))
        {
            Pacer = new Pacer((Cap - Held) * 1.5 / HoldSeconds, Clock.Now), Users = (Held, 500), Sources = (Held, 100),
        };
        loop.Workloads.Add(more);
        progress = new Progress(server.Name, more, server, null);
        Go(Seconds);
        more.IsStopped = true;
        Go(10);
        var again = new Workload(Calls(server, Clock.Second))
        {
            Limit = Held, MaxOutstanding = Held, Users = (600, Held), Sources = (200, Held),
        };
        loop.Workloads.Add(again);
        Go(5);
        var heldUp = held.Outstanding;
        loop.Drain();

        var refused = more.Tally.Failures.GetValueOrDefault(503);
        Console.Error.WriteLine($"{more.Tally.Succeeded} admitted, refused {more.Tally.FailuresText}");
        yield return Verdict.Min("S9: calls refused for want of room", refused, 1);
        yield return Verdict.Max("S9: calls that got something else", more.Tally.Failed - refused, 0);
        var withTime = 100.0 * more.Tally.RetryAfter / Math.Max(refused, 1);
        yield return Verdict.Min("S9: refusals that say when to come again", withTime, 100, " %");
        yield return Verdict.Max("S9: 99 of 100 refusals came within", more.Tally.RefusalLatency.Percentile(0.99) / 1e6, 50, " ms");
        yield return Verdict.Min("S9: calls that were up before and stayed", heldUp, Held);
        yield return Verdict.Max("S9: audio that they lost", (1 - held.Tally.Audio.Part) * 100, 0.1, " %");
        yield return Verdict.Min("S9: calls that succeed 10 s later", again.Tally.Succeeded, Held);

        void Go(double seconds) => loop.Run(Clock.Now + (long)(seconds * Clock.Second), everySecond: now => progress.Print(now));
    }

    private static CallScript Calls(ServerUnderTest server, long hold) =>
        new(server.Target, new CallPlan(server.ClosedNumber, Rooms: 10, hold, SendsAudio: true));
}
