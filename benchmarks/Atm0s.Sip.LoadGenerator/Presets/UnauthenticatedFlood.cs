using Atm0s.Sip.LoadGenerator.Runs;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>S1: OPTIONS, REGISTER and INVITE of strangers, of 1,000 sources.</summary>
internal sealed class UnauthenticatedFlood(Settings settings) : Preset(settings)
{
    private const int MaxGrowth = 64;

    public override string Title => "S1, a flood without credentials";

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        foreach (var kind in (FloodKind[])[FloodKind.Options, FloodKind.Register, FloodKind.Invite])
        {
            var result = Flood(server, kind, Settings.Rate ?? 20_000, (Attack.FirstSource, 1_000), server.ClosedNumber);
            foreach (var verdict in Good($"S1 {kind}", result))
                yield return verdict;
            yield return Verdict.Max($"S1 {kind}: memory", result.MemoryGrowth / 1e6, MaxGrowth, " MB more");
        }
    }
}
