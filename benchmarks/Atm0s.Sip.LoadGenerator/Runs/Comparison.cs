using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Servers that take turns at the same tests: a machine has fast and slow minutes, so nothing else compares.</summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(Settings settings, IReadOnlyList<TestPlan> tests)
    {
        var results = new List<Measurement>();
        var servers = new List<ServerUnderTest>();
        try
        {
            servers.AddRange(ServerList.Start(settings));
            foreach (var (server, test) in Pairs())
                Measure.Warm(server, test, settings);
            for (var turn = 1; turn <= settings.Turns; turn++)
            {
                foreach (var (server, test) in Pairs())
                {
                    var result = Measure.Run(server, test, settings, turn);
                    results.Add(result);
                    Console.WriteLine(FiguresTable.Line(result));
                }
            }
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        Console.WriteLine();
        Console.WriteLine(FiguresTable.Create(results));
        if (settings.Csv is { } file)
            CsvFile.Write(file, results);
        return 0;

        IEnumerable<(ServerUnderTest Server, TestPlan Test)> Pairs() =>
            from test in tests from server in servers where (server.MeasuredAt ?? server.Can).HasFlag(test.Needs) select (server, test);
    }
}
