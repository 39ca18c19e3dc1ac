using Atm0s.Sip.LoadGenerator.Presets;
using Atm0s.Sip.LoadGenerator.Servers;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Threats with the figures to hold, each against a server of its own.</summary>
internal static class PresetRun
{
    // As many as RoomServer has by default.
    private const int MaxPortPairs = 10_000;
    private static readonly string[] All = ["s1", "s3", "s4", "s7", "s8", "s9"];

    public static async Task<int> RunAsync(Settings settings)
    {
        var verdicts = new List<Verdict>();
        foreach (var name in settings.What is "all" or null ? All : settings.What.Split(','))
        {
            var preset = Create(name, settings);
            Console.WriteLine(preset.Title);
            var plan = ServerList.Plan(settings);
            await using var server = ServerFactory.Start(
                settings.Text("server", "host"), plan with { MaxCalls = plan.MaxCalls ?? preset.MaxCalls, PortPairs = MaxPortPairs });
            foreach (var verdict in preset.Run(server))
            {
                verdicts.Add(verdict);
                Console.WriteLine(verdict);
            }
        }

        Console.WriteLine($"{verdicts.Count(verdict => verdict.IsHeld)} of {verdicts.Count} held.");
        return verdicts.TrueForAll(verdict => verdict.IsHeld) ? 0 : 1;
    }

    private static Preset Create(string name, Settings settings) => name switch
    {
        "s1" => new UnauthenticatedFlood(settings),
        "s3" => new HalfOpenCalls(settings),
        "s4" => new ManySources(settings),
        "s7" => new Amplification(settings),
        "s8" => new HonestNeighbours(settings),
        "s9" => new Overload(settings),
        _ => throw new FormatException($"\"{name}\" is no preset: {string.Join(", ", All)}."),
    };
}
