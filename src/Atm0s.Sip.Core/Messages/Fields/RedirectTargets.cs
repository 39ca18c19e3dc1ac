using System.Text;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Reads the Contact list of a 3xx (RFC 3261 §8.1.3.4, §20.10).</summary>
internal static class RedirectTargets
{
    /// <summary>Most targets that are taken from one response.</summary>
    internal const int Max = 16;

    /// <summary>
    /// The targets, best first, equals in the order of the response; each URI once. Other schemes than sip, sips and tel, what cannot be
    /// read, and all beyond the first <see cref="Max"/> are passed over.
    /// </summary>
    /// <param name="response">The 3xx.</param>
    public static List<RedirectTarget> Read(SipMessage response)
    {
        var targets = new List<RedirectTarget>();
        foreach (var value in response.GetValues(SipHeaderId.Contact))
        {
            if (targets.Count == Max)
                break;
            if (TryRead(value) is not { } target || targets.Exists(known => AreEqual(known.Uri, target.Uri)))
                continue;
            var at = targets.FindIndex(known => known.Quality < target.Quality);
            targets.Insert(at < 0 ? targets.Count : at, target);
        }

        return targets;
    }

    /// <summary>Whether two URIs are one target (RFC 3261 §19.1.4): no URI is tried twice.</summary>
    public static bool AreEqual(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal)
        || (SipUriView.TryParse(Encoding.UTF8.GetBytes(left), out var one)
            && SipUriView.TryParse(Encoding.UTF8.GetBytes(right), out var other)
            && one.Scheme is SipUriScheme.Sip or SipUriScheme.Sips
            && SipUriView.AreEquivalent(one, other));

    /// <summary>Reads a q value: 0 to 1 with up to three decimals, in thousandths. False when it is none.</summary>
    internal static bool TryReadQuality(ReadOnlySpan<byte> value, out int thousandths)
    {
        thousandths = 0;
        if (value.Length is 0 or > 5 || value[0] is not ((byte)'0' or (byte)'1') || (value.Length > 1 && value[1] != '.'))
            return false;
        thousandths = (value[0] - '0') * 1000;
        for (int i = 2, weight = 100; i < value.Length; i++, weight /= 10)
        {
            if (value[i] is < (byte)'0' or > (byte)'9')
                return false;
            thousandths += (value[i] - '0') * weight;
        }

        return thousandths <= 1000;
    }

    private static RedirectTarget? TryRead(ReadOnlySpan<byte> value)
    {
        if (!NameAddressView.TryParse(value, out var address)
            || !SipUriView.TryParse(address.Uri, out var view)
            || view.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips or SipUriScheme.Tel))
            return null;
        var quality = address.TryGetParameter("q"u8, out var q) && TryReadQuality(q, out var thousandths) ? thousandths : 1000;
        return new RedirectTarget(Encoding.UTF8.GetString(RequestUris.From(address.Uri)), quality, view.Headers.ToArray());
    }
}
