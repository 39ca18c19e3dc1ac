using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Members of a rule as the host names them, and as the mixing knows them.</summary>
internal static class AudioMembers
{
    /// <summary>The places of calls, the audio of programs, and endpoints as they are.</summary>
    /// <param name="members">Calls, programs and endpoints; null for all.</param>
    /// <param name="services">Of the server whose calls they are; null takes those of any, who are in none of its rooms.</param>
    /// <exception cref="ArgumentException">Something else is among them.</exception>
    public static IReadOnlySet<object>? Of(IReadOnlySet<object>? members, CallServices? services)
    {
        if (members is null)
            return null;
        var found = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var member in members)
        {
            if (member is CallHandle handle && (services is null || handle.Services == services))
            {
                found.Add(handle.Inner.Place);
            }
            else if (member is RoomBot bot)
            {
                found.Add(bot.Port);
            }
            else if (member is IPcmEndpoint)
            {
                found.Add(member);
            }
            else if (member is not ISipCall { State: CallState.Ended })
            {
                throw new ArgumentException("Members are calls of this server, and programs and endpoints in its rooms.", nameof(members));
            }
        }

        return found;
    }

    /// <summary>The rule with those who have taken the places of calls that it was made for.</summary>
    public static MemberRule Today(MemberRule rule) => HasGone(rule.Hears) || HasGone(rule.HeardBy)
        ? rule with { Hears = Today(rule.Hears), HeardBy = Today(rule.HeardBy) }
        : rule;

    private static bool HasGone(IReadOnlySet<object>? members) =>
        members is not null && members.Any(member => member is CallHandle { Inner.Successor: not null });

    private static HashSet<object>? Today(IReadOnlySet<object>? members) =>
        members?.Select(Today).ToHashSet(ReferenceEqualityComparer.Instance);

    private static object Today(object member)
    {
        while (member is CallHandle { Inner.Successor: { } successor })
            member = successor.Handle;
        return member;
    }
}
