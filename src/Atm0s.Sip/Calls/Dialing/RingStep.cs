namespace Atm0s.Sip.Calls.Dialing;

/// <summary>What is to be done next for a call that rings.</summary>
/// <typeparam name="T">A target.</typeparam>
internal abstract record RingStep<T>
{
    private RingStep()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Wait : RingStep<T>;

    /// <summary>One has answered; the others are cancelled.</summary>
    public sealed record Answer(T Winner, IReadOnlyList<T> Others) : RingStep<T>;

    /// <summary>These are rung, and those that have had their time are cancelled.</summary>
    public sealed record Ring(IReadOnlyList<T> Targets, IReadOnlyList<T> Cancelled) : RingStep<T>;

    /// <summary>Nobody takes the call; the rest is cancelled.</summary>
    /// <param name="Best">Whose failure tells most; none when nobody was tried, or nobody has said anything.</param>
    /// <param name="HasBest">Whether there is one.</param>
    /// <param name="Cancelled">Who still rings.</param>
    public sealed record Fail(T? Best, bool HasBest, IReadOnlyList<T> Cancelled) : RingStep<T>;
}
