namespace Atm0s.Sip.MediaQuality.Lines;

/// <summary>The lines that are measured.</summary>
internal static class AllLines
{
    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Line> List { get; } =
    [
        new("clean"),
        new("1 % random loss") { Loss = 0.01 },
        new("5 % random loss") { Loss = 0.05 },
        new("10 % random loss") { Loss = 0.10 },
        new("5 % loss in bursts of 3") { Loss = 0.05, BurstLength = 3 },
        new("10 % loss in bursts of 3") { Loss = 0.10, BurstLength = 3 },
        new("jitter 20 ms") { Jitter = TimeSpan.FromMilliseconds(20) },
        new("jitter 60 ms") { Jitter = TimeSpan.FromMilliseconds(60) },
        new("jitter 20 ms, 5 % loss") { Jitter = TimeSpan.FromMilliseconds(20), Loss = 0.05 },
        new("stall of 400 ms every 10 s") { Stall = TimeSpan.FromMilliseconds(400) },
        new("clock +300 ppm") { Drift = 300 },
        new("clock -300 ppm") { Drift = -300 },
    ];
}
