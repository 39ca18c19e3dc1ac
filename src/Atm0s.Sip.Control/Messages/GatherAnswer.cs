using System.ComponentModel.DataAnnotations;

namespace Atm0s.Sip.Control.Messages;

/// <summary>The digits that were asked for.</summary>
/// <param name="End">What became of it.</param>
/// <param name="Digits">What was typed last, without the terminator.</param>
public sealed record GatherAnswer([property: AllowedValues("done", "too_few", "cancelled", "ended")] string End, string Digits)
{
    /// <summary>Does not show the digits.</summary>
    public override string ToString() => $"GatherAnswer {{ End = {End} }}";
}
