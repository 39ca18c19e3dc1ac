using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Good calls beside a flood.</summary>
internal static class MixedRun
{
    public static async Task<int> RunAsync(Settings settings)
    {
        foreach (var server in ServerList.Start(settings))
        {
            await using (server)
            {
                var result = Attack.Run(server, settings.Seconds, settings.Seconds, loop =>
                {
                    var flood = new Flood(
                        server.Target, FloodRun.Kind(settings), new Pacer(settings.Rate ?? 20_000, Clock.Now),
                        (Attack.FirstSource, settings.Sources), server.ClosedNumber);
                    loop.Floods.Add(flood);
                    return () => flood.IsStopped = true;
                });
                Console.WriteLine($"{server.Name} before: {result.Before.Text}");
                Console.WriteLine($"{server.Name} during: {result.During.Text}");
                Console.WriteLine($"{server.Name} after:  {result.After.Text}");
                Console.WriteLine(
                    $"{server.Name} set-up x{Culture.Text(result.SetUpRatio, "0.00")}, memory +{result.MemoryGrowth >> 20} MB,"
                    + $" drops {result.ServerDrops} + {result.OwnDrops}");
            }
        }

        return 0;
    }
}
