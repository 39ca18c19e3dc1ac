namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>What a host of ours says of itself.</summary>
/// <param name="Allocated">Bytes since its start.</param>
/// <param name="Heap">Bytes that live, after a collection when one was asked for.</param>
/// <param name="Compiled">Methods compiled since its start: the figures are settled when it stands still.</param>
/// <param name="Gen0">Collections since its start.</param>
/// <param name="Gen1">Of these, of the second generation.</param>
/// <param name="Gen2">Of these, of the third.</param>
/// <param name="Calls">Calls that it has.</param>
/// <param name="Members">Places in rooms that are taken.</param>
internal sealed record HostReport(long Allocated, long Heap, long Compiled, int Gen0, int Gen1, int Gen2, int Calls, int Members)
{
    public string Line => FormattableString.Invariant($"report {Allocated} {Heap} {Compiled} {Gen0} {Gen1} {Gen2} {Calls} {Members}");

    public static HostReport? Parse(string? line)
    {
        if (line?.Split(' ') is not ["report", .. { Length: 8 } numbers])
            return null;
        var n = numbers.Select(number => long.Parse(number, Culture.Invariant)).ToArray();
        return new HostReport(n[0], n[1], n[2], (int)n[3], (int)n[4], (int)n[5], (int)n[6], (int)n[7]);
    }
}
