using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>The session description in a request, read.</summary>
internal static class SessionBody
{
    /// <summary>Reads it.</summary>
    /// <param name="request">An INVITE.</param>
    /// <param name="description">The description; null when there is none, which asks us to offer (RFC 3261 §13.2.1).</param>
    /// <returns>Why it can't be read, or null.</returns>
    public static CallRefusal? TryRead(SipMessage request, out SessionDescription? description)
    {
        description = null;
        switch (SdpBody.TryFind(request, out var sdp))
        {
            case SdpBodyResult.NotUnderstood:
                return CallRefusal.UnknownBody;
            case SdpBodyResult.Found when !SdpParser.TryParse(sdp, SdpLimits.Default, out description, out var refusal):
                return CallRefusal.Unreadable(refusal);
            default:
                return null;
        }
    }
}
