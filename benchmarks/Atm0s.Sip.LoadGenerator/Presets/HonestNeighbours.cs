using Atm0s.Sip.LoadGenerator.Runs;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>S8: what looks like a scanner has the addresses of good phones; and 1,000 phones behind one NAT register again.</summary>
internal sealed class HonestNeighbours(Settings settings) : Preset(settings)
{
    private const int Phones = 1_000;

    public override string Title => "S8, limits that must not hurt the honest";

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        var spoofed = Flood(server, FloodKind.Scanner, 50, (0, GoodCalls.Count), server.ClosedNumber);
        foreach (var verdict in Good("S8 scanner with good phones' addresses", spoofed))
            yield return verdict;

        var phones = new Tally();
        var behindNat = Attack.Run(server, Quiet, Seconds, loop =>
        {
            var workload = new Workload(new RegisterScript(server.Target))
            {
                Pacer = new Pacer(Phones / Seconds * 2, Clock.Now),
                Limit = 2 * Phones,
                Users = (GoodCalls.Count, Phones),
                Sources = (0, 1),
                Tally = phones,
            };
            loop.Workloads.Add(workload);
            return () => workload.IsStopped = true;
        }, goodSource: (0, 1));
        foreach (var verdict in Good("S8 all behind one NAT", behindNat))
            yield return verdict;
        yield return Verdict.Max($"S8 registrations behind one NAT that failed {phones.FailuresText}", phones.Failed, 0);
        yield return Verdict.Min("S8 registrations behind one NAT", phones.Succeeded, (2 * Phones) - 5);
    }
}
