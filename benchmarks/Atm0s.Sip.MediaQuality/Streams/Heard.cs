using Atm0s.Sip.MediaQuality.Signals;

namespace Atm0s.Sip.MediaQuality.Streams;

/// <summary>What a listener heard.</summary>
/// <param name="Samples">At 48 kHz.</param>
/// <param name="Packets">First sample of each packet, and when it came.</param>
/// <param name="Count">Packets that came.</param>
/// <param name="Lost">Packets missing by their sequence numbers.</param>
/// <param name="LongestGap">Longest time between two packets.</param>
internal sealed record Heard(float[] Samples, IReadOnlyList<(long Start, TimeSpan At)> Packets, int Count, long Lost, TimeSpan LongestGap)
{
    /// <summary>When a sample could be played at the earliest: with its packet, after what is before it in there.</summary>
    public TimeSpan TimeOf(long sample)
    {
        var (low, high) = (0, Packets.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Packets[middle].Start <= sample ? (middle, high) : (low, middle - 1);
        }

        return Packets[low].At + TimeSpan.FromSeconds((sample - Packets[low].Start) / (double)Speech.Rate);
    }
}
