namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Threats with the figures to hold.</summary>
internal static class PresetRun
{
    public static Task<int> RunAsync(Settings settings) => Task.FromResult(0);
}
