namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The rules of one leg, each of a room: what holds in the room that it leaves does so until it has left, whatever was said of the next.
/// One thread at a time sets; any asks.
/// </summary>
internal sealed class RoomRules
{
    private const int MaxRooms = 8; // that had a rule last

    private volatile (MixRoom? Room, MemberRule Rule)[] _rules = [];

    /// <summary>The rule in a room.</summary>
    public MemberRule In(MixRoom room)
    {
        foreach (var (of, rule) in _rules)
        {
            if (of == room)
                return rule;
        }

        return MemberRule.Default;
    }

    /// <summary>Sets the rule in a room.</summary>
    /// <param name="room">The room; null for the first one, which is not known yet.</param>
    /// <param name="rule">The rule.</param>
    public void Set(MixRoom? room, MemberRule rule) =>
        _rules = [(room, rule), .. _rules.Where(other => other.Room != room).Take(MaxRooms - 1)];

    /// <summary>The first room is known.</summary>
    public void Begin(MixRoom room)
    {
        if (Array.Find(_rules, static rule => rule.Room is null).Rule is not { } first)
            return;
        _rules = [.. _rules.Where(static rule => rule.Room is not null)];
        Set(room, first);
    }
}
