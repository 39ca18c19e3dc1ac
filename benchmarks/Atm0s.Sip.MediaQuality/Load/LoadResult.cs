namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>What a bridge did in one round.</summary>
/// <param name="Bridge">Its name.</param>
/// <param name="CpuPerLegSecond">Processor time of its process, in ms, for a second of one caller.</param>
/// <param name="PacketsPerSecond">Packets a second to each caller: the mean.</param>
/// <param name="FewestPerSecond">To the caller who got fewest.</param>
/// <param name="Lost">Packets missing by their sequence numbers.</param>
/// <param name="LongestGap">Longest time between two packets to a caller.</param>
/// <param name="Late">How late the generator was at most: it has to be less than what is judged.</param>
/// <param name="Memory">Resident memory in bytes.</param>
internal sealed record LoadResult(
    string Bridge,
    double CpuPerLegSecond,
    double PacketsPerSecond,
    double FewestPerSecond,
    long Lost,
    TimeSpan LongestGap,
    TimeSpan Late,
    long Memory);
