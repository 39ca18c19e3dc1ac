using Atm0s.Sip.LoadGenerator.Runs;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>S4: every request of a source of its own, up to a million.</summary>
internal sealed class ManySources(Settings settings) : Preset(settings)
{
    private const int Sources = 1_000_000;
    private const int MaxGrowth = 64;

    public override string Title => "S4, a million sources";

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        var result = Flood(server, FloodKind.Register, Settings.Rate ?? 20_000, (Attack.FirstSource, Sources), server.ClosedNumber);
        foreach (var verdict in Good("S4", result))
            yield return verdict;
        yield return Verdict.Max("S4: memory", result.MemoryGrowth / 1e6, MaxGrowth, " MB more");
    }
}
