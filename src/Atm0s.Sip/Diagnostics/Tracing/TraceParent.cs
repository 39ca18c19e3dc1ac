using System.Diagnostics;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Diagnostics.Tracing;

/// <summary>
/// The trace that an INVITE says it belongs to (W3C Trace Context, its fields taken over into SIP). It is believed of trunks alone whose
/// options say so: anybody else could write into our traces, or have them all recorded.
/// </summary>
internal static class TraceParent
{
    private const int MaxState = 512;

    /// <summary>What it says; the default where it says nothing that counts.</summary>
    public static ActivityContext Of(CallServices services, SipMessage invite, string? trunkName)
    {
        if (trunkName is null || !Spans.AreWanted || !services.Trunks.TryGet(trunkName, out var trunk)
            || !trunk.Options.AcceptTraceParent || !invite.TryGetHeader("traceparent"u8, out var parent))
            return default;
        var state = invite.TryGetHeader("tracestate"u8, out var value) && value.Length <= MaxState ? Encoding.ASCII.GetString(value) : null;
        return parent.Length == 55 && ActivityContext.TryParse(Encoding.ASCII.GetString(parent), state, isRemote: true, out var context)
            ? context
            : default;
    }
}
