namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>
/// Classes of mean opinion scores in metrics (ITU-T G.107 annex B: from 4.03 on users are satisfied, below 2.58 nearly all are not).
/// </summary>
internal static class ScoreClasses
{
    public static readonly string[] Names = ["unknown", "bad", "poor", "fair", "good"];

    /// <summary>Index of the name.</summary>
    public static int Of(double? score) => score switch
    {
        null => 0,
        < 2.58 => 1,
        < 3.1 => 2,
        < 4.03 => 3,
        _ => 4,
    };
}
