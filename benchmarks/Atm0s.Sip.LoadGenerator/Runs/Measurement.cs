using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>What one turn of one server gave.</summary>
internal sealed record Measurement(string Server, string Test, int Turn, string Tier, double? Rate)
{
    public required double Seconds { get; init; }

    public required Tally Tally { get; init; }

    /// <summary>Processor time of the server and its children, in seconds.</summary>
    public required double ServerCpu { get; init; }

    public required double GeneratorCpu { get; init; }

    /// <summary>The server afterwards.</summary>
    public required ProcessSample After { get; init; }

    public required long ServerDrops { get; init; }

    public required long OwnDrops { get; init; }

    /// <summary>How long a fixed piece of arithmetic took just before, in ms.</summary>
    public required double Phase { get; init; }

    public long Late { get; init; }

    public long MaxLateness { get; init; }

    public long Shed { get; init; }

    /// <summary>Bytes that the server allocated; NaN where it can't be asked.</summary>
    public double Allocated { get; init; } = double.NaN;

    /// <summary>Methods that the server compiled meanwhile; NaN where it can't be asked.</summary>
    public double Compiled { get; init; } = double.NaN;

    public double PerSecond => Tally.Succeeded / Seconds;

    /// <summary>Processor time of the server for each success, in microseconds.</summary>
    public double CpuEach => Tally.Succeeded == 0 ? double.NaN : ServerCpu * 1e6 / Tally.Succeeded;
}
