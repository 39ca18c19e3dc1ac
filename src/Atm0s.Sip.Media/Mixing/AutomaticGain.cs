namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Brings voices to one level: while somebody talks, how loud he is is learnt, and the gain moves to what he lacks of -20 dBov, from -9 to
/// +15 dB and by 3 dB a second at most; in pauses it stays. So noise is not pumped up, and no word is cut. One caller at a time.
/// </summary>
internal sealed class AutomaticGain
{
    private const double Wanted = 10_737_418;    // mean square of -20 dBov
    private const double Step = 0.06;            // dB a frame
    private const double Min = -9;
    private const double Max = 15;
    private const double Learning = 0.02;        // of the way, for each frame: a second

    private double _level;   // mean square of the voice; 0: not known yet
    private double _decibels;

    /// <summary>The gain now, as a factor of <see cref="AudioGain"/>.</summary>
    public int Factor { get; private set; } = AudioGain.One;

    /// <summary>The gain now, in dB.</summary>
    public double Decibels => _decibels;

    /// <summary>Takes a frame of somebody who talks.</summary>
    /// <param name="meanSquare">As it came.</param>
    public void Follow(double meanSquare)
    {
        if (meanSquare <= 0)
            return;
        _level = _level == 0 ? meanSquare : _level + ((meanSquare - _level) * Learning);
        var wanted = Math.Clamp(10 * Math.Log10(Wanted / _level), Min, Max);
        _decibels += Math.Clamp(wanted - _decibels, -Step, Step);
        Factor = AudioGain.ToFactor(_decibels);
    }
}
