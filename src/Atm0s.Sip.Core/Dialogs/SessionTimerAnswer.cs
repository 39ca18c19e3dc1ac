using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What we say to the session timer of a received INVITE or UPDATE (RFC 4028 §9).</summary>
internal readonly record struct SessionTimerAnswer
{
    /// <summary>422: refuse the request with it and <see cref="WriteHeaders"/>. 0: go on.</summary>
    public int StatusCode { get; init; }

    /// <summary>Min-SE of the 422, seconds.</summary>
    public uint MinSe { get; init; }

    /// <summary>Session-Expires of the 2xx, or null for none.</summary>
    public SessionExpires? Granted { get; init; }

    /// <summary>Whether the 2xx has Require: timer.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Adds the fields to the 422, or to the 2xx.</summary>
    /// <param name="writer">The response.</param>
    public void WriteHeaders(ref SipWriter writer)
    {
        if (StatusCode != 0)
        {
            writer.Header(SipHeaderId.MinSe, MinSe);
            return;
        }

        if (Granted is not { } granted)
            return;
        writer.Header(SipHeaderId.SessionExpires, granted.ToString());
        if (IsRequired)
            writer.Header(SipHeaderId.Require, OptionTags.Timer);
    }
}
