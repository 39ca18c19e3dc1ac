namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// Keeps a stream within a bit rate: at no time more than that on average since its start, and in no stretch of time more than 200 ms'
/// worth beyond it.
/// </summary>
/// <param name="bitrate">Bits per second.</param>
internal sealed class OpusBitBudget(int bitrate)
{
    // A bit is 48,000 units, so that a rate times samples is exact.
    private const long Byte = 8L * OpusPacket.SampleRate;

    private readonly long _max = bitrate * (OpusPacket.SampleRate / 5L);
    private long _units;

    /// <summary>Time passes.</summary>
    /// <param name="samples">At 48 kHz.</param>
    /// <returns>Bytes that may be spent now.</returns>
    public int Earn(int samples)
    {
        _units = Math.Min(_units + ((long)bitrate * samples), _max);
        return (int)(_units / Byte);
    }

    /// <summary>Bytes are sent.</summary>
    /// <param name="bytes">No more than may be.</param>
    public void Spend(int bytes) => _units -= bytes * Byte;
}
