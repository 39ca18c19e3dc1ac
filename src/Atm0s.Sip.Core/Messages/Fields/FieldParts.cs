namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>The common shape of small header fields: a head and generic parameters (RFC 3261 §25.1).</summary>
internal static class FieldParts
{
    /// <summary>Splits <c>head;name=value</c>. False when the parameters do not follow the grammar or the head is empty.</summary>
    internal static bool TrySplit(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> parameters)
    {
        var semicolon = value.IndexOf((byte)';');
        head = SipChars.Trim(semicolon < 0 ? value : value[..semicolon]);
        parameters = semicolon < 0 ? default : value[semicolon..];
        return !head.IsEmpty && SipParameters.AreValid(parameters);
    }

    /// <summary>Reads <c>delta-seconds;parameters</c> (RFC 3261 §25.1), up to 2^32 - 1.</summary>
    internal static bool TryReadSeconds(ReadOnlySpan<byte> value, out uint seconds, out ReadOnlySpan<byte> parameters)
    {
        seconds = 0;
        return TrySplit(value, out var head, out parameters) && SipChars.TryReadNumber(head, uint.MaxValue, out seconds);
    }

    /// <summary>A parameter that is a number, or null when it is absent or none.</summary>
    internal static uint? Number(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name) =>
        SipParameters.TryGet(parameters, name, out var value) && SipChars.TryReadNumber(value, uint.MaxValue, out var number)
            ? number
            : null;
}
