using Atm0s.Sip.LoadGenerator.Runs;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>A threat, and the figures that hold it.</summary>
internal abstract class Preset(Settings settings)
{
    /// <summary>What it is about.</summary>
    public abstract string Title { get; }

    /// <summary>The most calls of the server; null is its default.</summary>
    public virtual int? MaxCalls => null;

    protected Settings Settings => settings;

    /// <summary>How long the attack is, in seconds.</summary>
    protected double Seconds => settings.Has("seconds") ? settings.Seconds : 60;

    /// <summary>How long the good ones are alone, before and after.</summary>
    protected double Quiet => Math.Min(Seconds, 15);

    /// <summary>Runs it.</summary>
    public abstract IEnumerable<Verdict> Run(ServerUnderTest server);

    /// <summary>Good calls beside a flood.</summary>
    protected AttackResult Flood(ServerUnderTest server, FloodKind kind, double rate, (int First, int Count) sources, string number) =>
        Attack.Run(server, Quiet, Seconds, loop =>
        {
            var flood = new Flood(server.Target, kind, new Pacer(rate, Clock.Now), sources, number);
            loop.Floods.Add(flood);
            return () => flood.IsStopped = true;
        });

    /// <summary>What holds for the good ones whatever the attack is.</summary>
    protected static IEnumerable<Verdict> Good(string what, AttackResult result)
    {
        yield return Verdict.Max($"{what}: good calls and OPTIONS that failed", result.GoodFailures, 0);
        yield return Verdict.Max($"{what}: set-up time of good calls during, of that before", result.SetUpRatio, 2, "x");
        yield return Verdict.Min($"{what}: audio that good calls heard during", result.During.Calls.Audio.Part * 100, 99, " %");
    }
}
