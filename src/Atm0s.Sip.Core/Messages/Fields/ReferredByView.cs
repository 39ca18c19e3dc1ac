namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Referred-By (RFC 3892 §3): who has sent the REFER. A view over a message. It proves nothing by itself.</summary>
internal readonly ref struct ReferredByView
{
    /// <summary>The referrer.</summary>
    public NameAddressView Referrer { get; private init; }

    /// <summary>Content-ID of the token in the body that proves it, without quotes; may be empty.</summary>
    public ReadOnlySpan<byte> ContentId { get; private init; }

    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out ReferredByView field)
    {
        field = default;
        return message.TryGetHeader(SipHeaderId.ReferredBy, out var value) && TryParse(value, out field);
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReferredByView field)
    {
        field = default;
        if (SipHeaderValues.EndOfValue(value) != value.Length || !NameAddressView.TryParse(value, out var referrer))
            return false;
        field = new ReferredByView { Referrer = referrer, ContentId = referrer.TryGetParameter("cid"u8, out var cid) ? cid : default };
        return true;
    }

    /// <summary>The value of a request of ours.</summary>
    /// <param name="uri">URI of the referrer, without angle brackets.</param>
    public static string Format(string uri) => $"<{uri}>";
}
