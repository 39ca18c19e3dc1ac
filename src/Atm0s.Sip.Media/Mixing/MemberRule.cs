using System.Collections.Frozen;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// What is otherwise for one member of a room than "everybody hears everybody else". Immutable: a change is another rule, and what it
/// changes fades within 10 ms. Members stand in it by what they are known as (<see cref="RtpLeg.KnownAs"/>,
/// <see cref="IPcmEndpoint.KnownAs"/>), by default the leg or endpoint itself; who is not in the room does not matter.
/// </summary>
/// <remarks>
/// To whisper is to be heard by one: <see cref="HeardBy"/>. A coach hears all and is heard by the one coached. Who may hear whom is
/// asked at both ends: the listener's <see cref="Hears"/> and the speaker's <see cref="HeardBy"/> must allow it.
/// </remarks>
public sealed record MemberRule
{
    /// <summary>Hears all, is heard by all.</summary>
    public static MemberRule Default { get; } = new();

    /// <summary>Whether it hears nobody. Default false.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>Whom it hears; null (default) is everybody.</summary>
    public IReadOnlySet<object>? Hears { get; init; }

    /// <summary>Who hears it; null (default) is everybody. What is said to some takes no place among the active speakers.</summary>
    public IReadOnlySet<object>? HeardBy { get; init; }

    /// <summary>
    /// Whether it is heard in any case, beside the active speakers and without taking the place of one: an announcement. Default false.
    /// </summary>
    public bool IsPinned { get; init; }

    /// <summary>Whether it hears otherwise than the others.</summary>
    internal bool HearsOtherwise => IsDeaf || Hears is not null;

    /// <summary>Whether it is heard beside the active speakers.</summary>
    internal bool IsBesides => IsPinned || HeardBy is not null;

    /// <summary>
    /// The rule as the tick may ask it: with sets of its own, which go by identity. Nothing of the host runs there, neither a set that
    /// another thread changes nor an endpoint's own Equals.
    /// </summary>
    internal MemberRule Freeze() => Hears is null && HeardBy is null ? this : this with { Hears = Freeze(Hears), HeardBy = Freeze(HeardBy) };

    private static FrozenSet<object>? Freeze(IReadOnlySet<object>? set) => set?.ToFrozenSet(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a listener hears a speaker.</summary>
    /// <param name="listener">Rule of the listener.</param>
    /// <param name="listening">The listener.</param>
    /// <param name="speaker">Rule of the speaker.</param>
    /// <param name="speaking">The speaker.</param>
    internal static bool LetsHear(MemberRule listener, object listening, MemberRule speaker, object speaking) =>
        !listener.IsDeaf
        && (listener.Hears is null || listener.Hears.Contains(speaking))
        && (speaker.HeardBy is null || speaker.HeardBy.Contains(listening));
}
