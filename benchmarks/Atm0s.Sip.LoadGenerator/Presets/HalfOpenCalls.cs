using Atm0s.Sip.LoadGenerator.Runs;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>S3: calls to a room that anybody may enter, whose answers nobody acknowledges.</summary>
internal sealed class HalfOpenCalls(Settings settings) : Preset(settings)
{
    // 64*T1 (RFC 3261 §13.3.1.4), and 5 s.
    private const double GoneAfter = 37;

    public override string Title => "S3, calls that are never acknowledged";

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        var before = new ProcessProbe(server.ProcessId).Read();
        var result = Flood(server, FloodKind.Invite, Settings.Rate ?? 200, (Attack.FirstSource, 20), server.OpenNumber);
        foreach (var verdict in Good("S3", result))
            yield return verdict;
        Thread.Sleep(TimeSpan.FromSeconds(Math.Max(GoneAfter - Quiet, 0)));
        if (server.Ask(collect: false) is { } report)
        {
            yield return Verdict.Max($"S3: calls {Culture.Text(GoneAfter)} s later", report.Calls, 0);
            yield return Verdict.Max($"S3: places in rooms {Culture.Text(GoneAfter)} s later", report.Members, 0);
        }

        Console.Error.WriteLine($"files {before.Files} > {new ProcessProbe(server.ProcessId).Read().Files}");
    }
}
