using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// Who may take the place of a call (RFC 3891 §3): its user, or the user of another call of the same room, which is who it speaks with.
/// Users are told apart by their password, callers of a trunk by the trunk. Where nobody shows a password, because the server asks for
/// none, the number has to do.
/// </summary>
internal static class ReplaceRules
{
    /// <summary>Whether a caller may.</summary>
    /// <param name="by">The caller.</param>
    /// <param name="places">The call to be replaced, and those of its room.</param>
    /// <param name="passwordsAreAsked">Whether callers must show a password in this server.</param>
    public static bool MayReplace(CallInfo by, IEnumerable<CallInfo> places, bool passwordsAreAsked)
    {
        foreach (var place in places)
        {
            if (by.Username is { } user ? place.Username == user
                : by.Trunk is { } trunk ? place.Trunk == trunk
                : !passwordsAreAsked && place is { Username: null, Trunk: null } && PeerOf(place) == PeerOf(by))
                return true;
        }

        return false;
    }

    /// <summary>Number of the phone of a call.</summary>
    public static string PeerOf(CallInfo call) => call.Direction == CallDirection.Incoming ? call.From : call.To;
}
