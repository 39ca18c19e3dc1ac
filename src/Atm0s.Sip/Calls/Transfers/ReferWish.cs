using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>What a REFER asks for.</summary>
/// <param name="Uri">Request-URI of the call that it wants.</param>
/// <param name="Replaces">The dialog whose place that call is to take, or null.</param>
/// <param name="ReferredBy">Value of Referred-By, or null.</param>
/// <param name="ReferredByUri">The URI in it, or null.</param>
/// <param name="WantsNoReports">Whether it wants no NOTIFY (RFC 4488 §4).</param>
internal sealed record ReferWish(string Uri, Replaces? Replaces, string? ReferredBy, string? ReferredByUri, bool WantsNoReports)
{
    private const int MaxUri = 1024;

    /// <summary>Reads a REFER.</summary>
    /// <param name="refer">The request.</param>
    /// <param name="wish">What it asks for.</param>
    /// <returns>0, or the status to refuse it with.</returns>
    public static int TryRead(SipMessage refer, out ReferWish? wish)
    {
        wish = null;
        // RFC 3515 §2.4.2: zero or several values are a 400.
        if (ReferToView.Read(refer, out var to) != FieldReading.Ok || to.Uri.Length > MaxUri)
            return 400;
        // §2.4.2: what is no SIP URI can't be reached from here, and another method than INVITE is not sent for anybody.
        if (to.Scheme is not (SipUriScheme.Sip or SipUriScheme.Tel))
            return 416;
        if (!to.Method.SequenceEqual("INVITE"u8))
            return 603;
        if (to.ReadReplaces(out var replaces) == FieldReading.Malformed)
            return 400;
        string? referredBy = null, referredByUri = null;
        if (ReferredByView.TryRead(refer, out var by) && refer.TryGetHeader(SipHeaderId.ReferredBy, out var value)
            && value.Length <= MaxUri)
            (referredBy, referredByUri) = (Encoding.UTF8.GetString(value), Encoding.UTF8.GetString(by.Referrer.Uri));
        var wantsNoReports = refer.TryGetHeader(SipHeaderId.ReferSub, out var reports)
            && SipChars.EqualsIgnoreCase(SipChars.Trim(reports), "false"u8);
        wish = new ReferWish(Encoding.UTF8.GetString(to.ToRequestUri()), replaces, referredBy, referredByUri, wantsNoReports);
        return 0;
    }

    /// <summary>Fields of the INVITE that it leads to: Referred-By goes on (RFC 3892 §2.2), Replaces when its dialog is not ours.</summary>
    public IReadOnlyList<(SipHeaderId Id, string Value)> FieldsFor(ReplacedCall? ours)
    {
        var fields = new List<(SipHeaderId Id, string Value)>();
        if (ReferredBy is not null)
            fields.Add((SipHeaderId.ReferredBy, ReferredBy));
        if (ours is null && Replaces is not null)
            fields.Add((SipHeaderId.Replaces, Replaces.ToString()));
        return fields;
    }
}
