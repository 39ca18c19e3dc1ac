using Atm0s.Sip.Server;
using System.Globalization;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Registrar;

/// <summary>Answers that only a registrar gives.</summary>
internal static class RegisterResponses
{
    /// <summary>200 with every binding of the user and the seconds it has left (RFC 3261 §10.3 step 8).</summary>
    public static byte[] CreateOk(
        SipStack stack, SipMessage request, IEnumerable<Binding> bindings, TimeSpan now, IReadOnlyList<string> path)
    {
        var contacts = bindings
            .Select(
                b => string.Create(
                CultureInfo.InvariantCulture, $"<{b.Info.Contact}>;expires={Math.Max(0, (long)(b.ExpiresAt - now).TotalSeconds)}"))
            .ToArray();
        // RFC 3327 §5.3: the phone learns which path was kept.
        return ServerResponses.Create(
            stack,
            request,
            200,
            headers: [.. contacts.Select(c => (SipHeaderId.Contact, c)), .. path.Select(p => (SipHeaderId.Path, $"<{p}>"))]);
    }

    /// <summary>423 with the shortest time we grant (RFC 3261 §10.3 step 7, §20.23).</summary>
    public static byte[] CreateTooBrief(SipStack stack, SipMessage request, TimeSpan minExpires) =>
        ServerResponses.Create(
            stack, request, 423,
                headers: [(SipHeaderId.MinExpires, ((long)minExpires.TotalSeconds).ToString(CultureInfo.InvariantCulture))]);
}
