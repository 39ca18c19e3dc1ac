namespace Atm0s.Sip.Calls.Records;

/// <summary>A sentence that is made when somebody reads it: as a rule nobody does.</summary>
/// <param name="state">What it is made of; does not change.</param>
/// <param name="text">Makes it.</param>
internal sealed class LateText<TState>(TState state, Func<TState, string> text)
{
    /// <inheritdoc/>
    public override string ToString() => text(state);
}
