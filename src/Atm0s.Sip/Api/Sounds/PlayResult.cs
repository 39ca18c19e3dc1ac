namespace Atm0s.Sip;

/// <summary>What became of a clip.</summary>
/// <param name="End">Why it plays no more.</param>
/// <param name="Played">How much was heard.</param>
/// <param name="Key">The key that ended it, with <see cref="PlayEnd.Key"/>; null else.</param>
public readonly record struct PlayResult(PlayEnd End, TimeSpan Played, char? Key = null)
{
    /// <summary>Does not show the key: people type card numbers and PINs.</summary>
    public override string ToString() => $"PlayResult {{ End = {End}, Played = {Played} }}";
}
