namespace Atm0s.Sip;

/// <summary>The digits that were asked for.</summary>
/// <param name="End">What became of it.</param>
/// <param name="Digits">What was typed last, without the terminator; may be too few.</param>
public readonly record struct GatherResult(GatherEnd End, string Digits)
{
    /// <summary>Whether there are enough digits.</summary>
    public bool IsDone => End == GatherEnd.Done;

    /// <summary>Does not show the digits: people type card numbers and PINs.</summary>
    public override string ToString() => $"GatherResult {{ End = {End} }}";
}
