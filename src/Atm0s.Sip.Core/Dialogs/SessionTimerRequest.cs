using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// What an INVITE or UPDATE of ours says about the session timer (RFC 4028 §7.1, §7.4). Supported: timer stands beside it, always.
/// </summary>
/// <param name="SessionExpires">Session-Expires, or null for none.</param>
/// <param name="MinSe">Min-SE, seconds, or null for none.</param>
internal readonly record struct SessionTimerRequest(SessionExpires? SessionExpires, uint? MinSe)
{
    /// <summary>Adds the fields to a request.</summary>
    /// <param name="writer">The request.</param>
    public void WriteHeaders(ref SipWriter writer)
    {
        if (SessionExpires is { } wanted)
            writer.Header(SipHeaderId.SessionExpires, wanted.ToString());
        if (MinSe is { } minimum)
            writer.Header(SipHeaderId.MinSe, minimum);
    }
}
