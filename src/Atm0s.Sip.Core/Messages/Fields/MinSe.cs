namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Min-SE (RFC 4028 §5): the smallest session interval, seconds. Written as a number.</summary>
internal static class MinSe
{
    /// <summary>The absolute minimum, which is also the default: 90 s.</summary>
    internal const uint Minimum = 90;

    /// <summary>Reads the field of a message. Never less than <see cref="Minimum"/>; null when there is none that can be read.</summary>
    public static uint? Read(SipMessage message) =>
        message.TryGetHeader(SipHeaderId.MinSe, out var value) && TryParse(value, out var seconds) ? seconds : null;

    /// <summary>Reads a value; one below the minimum of the RFC counts as the minimum.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out uint seconds)
    {
        var read = FieldParts.TryReadSeconds(value, out seconds, out _);
        seconds = Math.Max(seconds, Minimum);
        return read;
    }
}
