using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Members of a rule as the host names them, and as the mixing knows them.</summary>
internal static class AudioMembers
{
    /// <summary>The legs of calls, the audio of programs, and endpoints as they are.</summary>
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
                if (handle.Inner.Audio is { } audio)
                    found.Add(audio.Rtp);
                found.Add(handle.Inner.Booth.Door);
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
}
