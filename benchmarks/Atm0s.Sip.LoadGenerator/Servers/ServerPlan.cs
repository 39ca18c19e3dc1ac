namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>How servers are started.</summary>
/// <param name="Processor">The one that a server may run on.</param>
/// <param name="Tier">default, settled (compiled fully at once) or nopgo; for servers of .NET.</param>
/// <param name="MaxCalls">The most calls at one time; null is the server's default.</param>
/// <param name="Extra">More arguments for RoomServer.</param>
/// <param name="TellsTypes">The host samples what it allocates, which makes it slower.</param>
/// <param name="PortPairs">Pairs of ports for audio.</param>
internal sealed record ServerPlan(
    int Processor, string Tier, int? MaxCalls, IReadOnlyList<string> Extra, bool TellsTypes, int PortPairs)
{
    /// <summary>The last port for audio.</summary>
    public string LastPort(int first) => (first + (2 * PortPairs) - 1).ToString(Culture.Invariant);

    /// <summary>Variables of the environment that the tier asks for.</summary>
    public IReadOnlyDictionary<string, string> Environment => Tier switch
    {
        "settled" => new Dictionary<string, string> { ["DOTNET_TieredCompilation"] = "0" },
        "nopgo" => new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" },
        "perf" => new Dictionary<string, string>
        {
            ["DOTNET_TieredCompilation"] = "0", ["DOTNET_PerfMapEnabled"] = "1", ["DOTNET_EnableWriteXorExecute"] = "0",
        },
        _ => new Dictionary<string, string>(),
    };
}
