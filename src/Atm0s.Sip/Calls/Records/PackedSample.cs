using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Records;

/// <summary>A <see cref="QualitySample"/> in few bytes.</summary>
internal readonly record struct PackedSample
{
    private readonly float _seconds;
    private readonly float _jitter;
    private readonly float _loss;
    private readonly float _mos;                // 0 while it can't be told
    private readonly ushort _roundTrip;         // milliseconds; None while unknown
    private readonly ushort _delay;             // milliseconds
    private readonly sbyte _received;
    private readonly sbyte _sent;

    private const ushort None = ushort.MaxValue;

    private PackedSample(double seconds, double jitter, double loss, double mos, ushort roundTrip, double delay, int received, int sent)
    {
        (_seconds, _jitter, _loss, _mos) = ((float)seconds, (float)jitter, (float)loss, (float)mos);
        (_roundTrip, _delay, _received, _sent) = (roundTrip, Short(delay), (sbyte)received, (sbyte)sent);
    }

    /// <summary>Bytes of one.</summary>
    public static int Size => Unsafe.SizeOf<PackedSample>();

    /// <summary>What has happened between two readings.</summary>
    /// <param name="at">Since the first sample.</param>
    /// <param name="before">The earlier reading, or null.</param>
    /// <param name="now">The later.</param>
    public static PackedSample Of(TimeSpan at, RtpLegStatistics? before, RtpLegStatistics now)
    {
        var lost = Math.Max(0, now.PacketsLost - (before?.PacketsLost ?? 0));
        var received = Math.Max(0, now.PacketsReceived - (before?.PacketsReceived ?? 0));
        var ticks = now.Ticks - (before?.Ticks ?? 0);
        return new PackedSample(
            at.TotalSeconds,
            now.JitterMilliseconds,
            lost == 0 ? 0 : (double)lost / (lost + received),
            now.Mos ?? 0,
            now.RoundTrip is { } trip ? Short(trip.TotalMilliseconds) : None,
            now.JitterBufferDelay.TotalMilliseconds,
            LevelOf(now.ReceivedEnergy - (before?.ReceivedEnergy ?? 0), ticks),
            LevelOf(now.SentEnergy - (before?.SentEnergy ?? 0), ticks));
    }

    /// <summary>One sample in the place of two that follow each other.</summary>
    public static PackedSample Merge(in PackedSample first, in PackedSample second) => new(
        second._seconds,
        (first._jitter + second._jitter) / 2,
        (first._loss + second._loss) / 2,
        first._mos == 0 ? second._mos : second._mos == 0 ? first._mos : (first._mos + second._mos) / 2,
        first._roundTrip == None ? second._roundTrip
            : second._roundTrip == None ? first._roundTrip : (ushort)((first._roundTrip + second._roundTrip) / 2),
        (first._delay + second._delay) / 2.0,
        LevelOf(EnergyOf(first._received) + EnergyOf(second._received), 2),
        LevelOf(EnergyOf(first._sent) + EnergyOf(second._sent), 2));

    /// <summary>As it is told.</summary>
    /// <param name="begin">Time of the first sample.</param>
    public QualitySample Open(DateTimeOffset begin) => new()
    {
        Timestamp = begin + TimeSpan.FromSeconds(_seconds),
        JitterMilliseconds = _jitter,
        LossShare = _loss,
        Mos = _mos == 0 ? null : _mos,
        LevelReceived = _received,
        LevelSent = _sent,
        RoundTrip = _roundTrip == None ? null : TimeSpan.FromMilliseconds(_roundTrip),
        JitterBufferDelay = TimeSpan.FromMilliseconds(_delay),
    };

    private static int LevelOf(double energy, long ticks) => -AudioLevel.FromEnergy(ticks <= 0 ? 0 : energy / ticks);

    private static double EnergyOf(int level) => level <= -AudioLevel.Silence ? 0 : 32768.0 * 32768.0 * Math.Pow(10, level / 10.0);

    private static ushort Short(double milliseconds) => (ushort)Math.Clamp(milliseconds, 0, None - 1);
}
