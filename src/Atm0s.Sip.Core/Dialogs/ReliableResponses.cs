using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The reliable provisional responses to our INVITE within one early dialog (RFC 3262 §4): takes them in the order of their RSeq, each
/// once. Every fork numbers its own, so each early dialog has one of these.
/// </summary>
internal sealed class ReliableResponses
{
    private uint? _last;

    /// <summary>Number of the last response taken; null before the first.</summary>
    public uint? LastRSeq => _last;

    /// <summary>Judges a provisional response of this dialog.</summary>
    /// <param name="response">The response; not kept.</param>
    /// <param name="rack">RAck of the PRACK to send, when the verdict is <see cref="ReliableVerdict.Acknowledge"/>.</param>
    public ReliableVerdict OnProvisional(SipMessage response, out string? rack)
    {
        rack = null;
        // RFC 3262 §4: in a 100 the option tag is ignored. Without a To tag there is no dialog to send a PRACK in.
        if (response.StatusCode is <= 100 or >= 200
            || response.ToTag.IsEmpty
            || !response.Requires(OptionTags.Reliable)
            || !RSeq.TryRead(response, out var number))
            return ReliableVerdict.Unreliable;
        // RFC 3262 §4: the first sets the number, each further one is exactly one higher.
        if (_last is { } last && (last == uint.MaxValue || number != last + 1))
            return ReliableVerdict.Drop;
        _last = number;
        rack = RAckView.Format(number, response);
        return ReliableVerdict.Acknowledge;
    }
}
