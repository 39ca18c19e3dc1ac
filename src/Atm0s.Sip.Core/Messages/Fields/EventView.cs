namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Event (RFC 6665 §8.2.1): package and id of a subscription. A view over a message.</summary>
internal readonly ref struct EventView
{
    /// <summary>Event package with its templates, such as <c>refer</c>; compared with case (RFC 6665 §8.2.1).</summary>
    public ReadOnlySpan<byte> Package { get; private init; }

    /// <summary>The <c>id</c> parameter, which tells subscriptions of one dialog apart; may be empty.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out EventView field)
    {
        field = default;
        return message.TryGetHeader(SipHeaderId.Event, out var value) && TryParse(value, out field);
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out EventView field)
    {
        field = default;
        if (!FieldParts.TrySplit(value, out var package, out var parameters) || !SipChars.IsToken(package))
            return false;
        field = new EventView { Package = package, Id = SipParameters.TryGet(parameters, "id"u8, out var id) ? id : default };
        return true;
    }

    /// <summary>The value of a request of ours.</summary>
    /// <param name="package">Event package.</param>
    /// <param name="id">Id, or null for none.</param>
    public static string Format(string package, string? id = null) => id is null ? package : $"{package};id={id}";
}
