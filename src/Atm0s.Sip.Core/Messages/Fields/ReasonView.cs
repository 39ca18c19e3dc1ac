namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>One value of Reason (RFC 3326 §2). A view over a message.</summary>
internal readonly ref struct ReasonView
{
    /// <summary>Protocol: <c>SIP</c>, <c>Q.850</c> or another.</summary>
    public ReadOnlySpan<byte> Protocol { get; private init; }

    /// <summary>Status code of SIP, cause of Q.850; null when there is none.</summary>
    public uint? Cause { get; private init; }

    /// <summary>Text, without quotes but with its escapes; may be empty.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>
    /// Finds the value of a protocol. A message has at most one of each (RFC 3326 §2); what cannot be read is passed over.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="protocol">Protocol, without regard to case.</param>
    /// <param name="field">The value.</param>
    public static bool TryFind(SipMessage message, ReadOnlySpan<byte> protocol, out ReasonView field)
    {
        foreach (var value in message.GetValues(SipHeaderId.Reason))
        {
            if (TryParse(value, out field) && SipChars.EqualsIgnoreCase(field.Protocol, protocol))
                return true;
        }

        field = default;
        return false;
    }

    /// <summary>Reads one value of the list.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReasonView field)
    {
        field = default;
        if (!FieldParts.TrySplit(value, out var protocol, out var parameters) || !SipChars.IsToken(protocol))
            return false;
        field = new ReasonView
        {
            Protocol = protocol,
            Cause = FieldParts.Number(parameters, "cause"u8),
            Text = SipParameters.TryGet(parameters, "text"u8, out var text) ? text : default,
        };
        return true;
    }

    /// <summary>The value of a request or response of ours.</summary>
    /// <param name="protocol"><c>SIP</c> or <c>Q.850</c>.</param>
    /// <param name="cause">Status code or cause.</param>
    /// <param name="text">Text, or null for none.</param>
    /// <exception cref="ArgumentException">The text holds a control character.</exception>
    public static string Format(string protocol, int cause, string? text = null) =>
        string.IsNullOrEmpty(text) ? $"{protocol};cause={cause}" : $"{protocol};cause={cause};text={SipEscapes.Quote(text)}";
}
