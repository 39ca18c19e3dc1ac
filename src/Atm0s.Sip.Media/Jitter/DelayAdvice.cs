namespace Atm0s.Sip.Media.Jitter;

/// <summary>What is to be done to the audio that waits.</summary>
/// <param name="Milliseconds">More delay (positive), less (negative), or none.</param>
/// <param name="LeastAlike">How alike the ends that are joined must be, -1 to 1; above 1: only in a pause.</param>
internal readonly record struct DelayAdvice(double Milliseconds, float LeastAlike)
{
    /// <summary>Only where nothing is to be heard.</summary>
    public const float InPauses = 2;

    /// <summary>At once.</summary>
    public const float Anywhere = -1;

    public static DelayAdvice Keep => default;
}
