namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>
/// The tables of ITU-T G.722, in its own units: levels with 15 fractional bits against the scale factor, logarithms with 11.
/// Arrays, since spans over constants allocate in code that is not optimised.
/// </summary>
internal static class G722Tables
{
    /// <summary>
    /// Where the intervals of the lower band begin, but for the first (Q6), in units of the scale factor / 4096. The last three are unused.
    /// </summary>
    public static readonly int[] LowDecisions =
    [
        35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786,
        858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919, 0, 0, 0,
    ];

    /// <summary>How many of <see cref="LowDecisions"/> count, as a mask of places.</summary>
    public const uint LowDecisionMask = 0x1FFF_FFFF;

    /// <summary>Decision level of the upper band (Q2), in units of the scale factor / 4096.</summary>
    public const int HighDecision = 564;

    /// <summary>What each 6-bit code of the lower band stands for (QM6).</summary>
    public static readonly short[] LowLevels =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>The same from the upper four bits alone (QM4): both ends adapt by these, as the lowest two may carry data.</summary>
    public static readonly short[] LowAdaptationLevels =
    [
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
    ];

    /// <summary>What each 2-bit code of the upper band stands for (QM2).</summary>
    public static readonly short[] HighLevels = [-7408, -1616, 7408, 1616];

    /// <summary>How the scale of the lower band moves after each 4-bit code (WL by RL42).</summary>
    public static readonly short[] LowScaleSteps = [-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60];

    /// <summary>How the scale of the upper band moves after each 2-bit code (WH by RH2).</summary>
    public static readonly short[] HighScaleSteps = [798, -214, 798, -214];

    /// <summary>2048 * 2^(n/32) (ILB).</summary>
    public static readonly short[] Powers =
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];
}
