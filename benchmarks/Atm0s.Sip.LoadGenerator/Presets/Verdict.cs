namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>One figure that was to be held.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">What came out.</param>
/// <param name="Bound">What it must be.</param>
/// <param name="IsHeld">Whether it is.</param>
internal sealed record Verdict(string What, string Measured, string Bound, bool IsHeld)
{
    public override string ToString() => $"{(IsHeld ? "PASS" : "FAIL")} {What}: {Measured} (to hold: {Bound})";

    public static Verdict Max(string what, double measured, double bound, string unit = "") =>
        new(what, $"{Culture.Text(measured, "0.##")}{unit}", $"<= {Culture.Text(bound, "0.##")}{unit}", measured <= bound);

    public static Verdict Min(string what, double measured, double bound, string unit = "") =>
        new(what, $"{Culture.Text(measured, "0.##")}{unit}", $">= {Culture.Text(bound, "0.##")}{unit}", measured >= bound);
}
