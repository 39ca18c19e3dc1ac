namespace Atm0s.Sip.Media.Dtmf;

/// <summary>What 20 ms of audio look like to one who listens for keys, and the rules by which they are one.</summary>
/// <param name="Row">Of the strongest tone among the rows, 0 to 3.</param>
/// <param name="Column">Of the strongest tone among the columns, 0 to 3.</param>
/// <param name="LowDeviation">By what share of its frequency the row's tone is off.</param>
/// <param name="HighDeviation">By what share of its frequency the column's tone is off.</param>
/// <param name="First">The first 15 ms.</param>
/// <param name="Second">The last 15 ms.</param>
internal readonly record struct DtmfReading(
    int Row, int Column, double LowDeviation, double HighDeviation, DtmfWindow First, DtmfWindow Second)
{
    private const double MaxDeviation = 0.025; // Q.24: 1.5 % must pass, 3.5 % must not
    private const double PureShare = 0.85;      // of the power, in both tones
    private const double HeldShare = 0.5;

    private static readonly double Faintest = Square(DtmfFrequencies.ZeroLevel) * Ratio(-33); // of a tone; -30 dBm0 must pass
    private static readonly double MaxForwardTwist = Ratio(5);   // the column's tone over the row's; 4 dB must pass
    private static readonly double MaxReverseTwist = Ratio(9);   // the row's over the column's; 8 dB must pass
    private static readonly double MaxSwing = Ratio(1.5);        // of both tones from window to window: shorter than 20 ms, it swings more
    private static readonly double HeldLevel = Ratio(-6);

    /// <summary>The key that it would be.</summary>
    public char Key => DtmfFrequencies.KeyOf(Row, Column);

    /// <summary>The power of both tones in the weaker window.</summary>
    public double Power => Math.Min(First.Tones, Second.Tones);

    /// <summary>Whether this is a key, and nothing but a key (ITU-T Q.24 table A-1).</summary>
    public bool IsKey =>
        Math.Abs(LowDeviation) <= MaxDeviation && Math.Abs(HighDeviation) <= MaxDeviation
        && IsPure(First) && IsPure(Second)
        && First.Tones <= Second.Tones * MaxSwing && Second.Tones <= First.Tones * MaxSwing;

    /// <summary>Whether a key that is being pressed still is: noise and a break of up to 10 ms do not end it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="power">Of its tones so far.</param>
    public bool Holds(char key, double power) => Key == key && (IsHeld(First, power) || IsHeld(Second, power));

    private static bool IsPure(DtmfWindow window) =>
        window.Low >= Faintest && window.High >= Faintest
        && window.High <= window.Low * MaxForwardTwist && window.Low <= window.High * MaxReverseTwist
        && window.Tones >= window.All * PureShare;

    private static bool IsHeld(DtmfWindow window, double power) =>
        window.Tones >= power * HeldLevel && window.Tones >= window.All * HeldShare;

    private static double Ratio(double decibels) => Math.Pow(10, decibels / 10);

    private static double Square(double value) => value * value;
}
