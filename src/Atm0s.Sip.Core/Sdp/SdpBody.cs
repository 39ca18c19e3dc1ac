using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// Finds the session description in the body of a message: the body itself, or a part of a multipart one, as gateways send it with ISUP or
/// a
/// location beside it (RFC 5621). Bounded: 16 parts, three levels deep. Never throws.
/// </summary>
internal static class SdpBody
{
    private const int MaxParts = 16;
    private const int MaxDepth = 3;

    /// <summary>Finds it.</summary>
    /// <param name="message">A request or response.</param>
    /// <param name="sdp">The description; lives as long as the message.</param>
    public static SdpBodyResult TryFind(SipMessage message, out ReadOnlySpan<byte> sdp)
    {
        sdp = default;
        if (message.Body.IsEmpty)
            return SdpBodyResult.None;
        message.TryGetHeader(SipHeaderId.ContentType, out var type);
        message.TryGetHeader(SipHeaderId.ContentEncoding, out var encoding);
        message.TryGetHeader(SipHeaderId.ContentDisposition, out var disposition);
        return Find(new BodyPart(type, encoding, disposition, message.Body), 0, out sdp);
    }

    private static SdpBodyResult Find(BodyPart part, int depth, out ReadOnlySpan<byte> sdp)
    {
        sdp = default;
        var type = Head(part.Type);
        if (part.Encoding.IsEmpty || Ascii.EqualsIgnoreCase(part.Encoding, "identity"u8))
        {
            // RFC 3261 §20.15: a body has a type. Where none is said this one is meant.
            if (Ascii.EqualsIgnoreCase(type, "application/sdp"u8) || (type.IsEmpty && depth == 0))
            {
                sdp = part.Content;
                return SdpBodyResult.Found;
            }

            if (type.Length > 10 && Ascii.EqualsIgnoreCase(type[..10], "multipart/"u8) && depth < MaxDepth)
                return FindInParts(part, Ascii.EqualsIgnoreCase(type, "multipart/alternative"u8), depth + 1, out sdp);
        }

        // RFC 3261 §20.11: required when nothing is said.
        return Ascii.EqualsIgnoreCase(Parameter(part.Disposition, "handling"u8), "optional"u8) ? SdpBodyResult.None
            : SdpBodyResult.NotUnderstood;
    }

    // RFC 5621 §3.2: every part that is required must be understood, of alternatives one. RFC 2046 §5.1.4: of those the last is the best.
    // The RFC takes a part that says nothing of itself for required too; but gateways put ISUP, PIDF and the like beside the description
    // without a word, and mean that who does not know it goes by the description.
    private static SdpBodyResult FindInParts(BodyPart whole, bool areAlternatives, int depth, out ReadOnlySpan<byte> sdp)
    {
        sdp = default;
        var result = areAlternatives ? SdpBodyResult.NotUnderstood : SdpBodyResult.None;
        var boundary = Parameter(whole.Type, "boundary"u8);
        // RFC 2046 §5.1.1
        if (boundary.Length is 0 or > 70)
            return SdpBodyResult.NotUnderstood;
        var hasUnknown = false;
        var rest = whole.Content;
        for (var i = 0; i < MaxParts && TryNextPart(boundary, ref rest, out var part); i++)
        {
            switch (Find(part, depth, out var found))
            {
                case SdpBodyResult.Found when areAlternatives || sdp.IsEmpty:
                    sdp = found;
                    result = SdpBodyResult.Found;
                    break;
                case SdpBodyResult.NotUnderstood when !areAlternatives && !SaysItIsRequired(part):
                    hasUnknown = true;
                    break;
                case SdpBodyResult.NotUnderstood when !areAlternatives:
                    sdp = default;
                    return SdpBodyResult.NotUnderstood;
            }
        }

        return result == SdpBodyResult.None && hasUnknown ? SdpBodyResult.NotUnderstood : result;
    }

    private static bool SaysItIsRequired(BodyPart part) =>
        Ascii.EqualsIgnoreCase(Parameter(part.Disposition, "handling"u8), "required"u8);

    private static bool TryNextPart(scoped ReadOnlySpan<byte> boundary, scoped ref ReadOnlySpan<byte> rest, out BodyPart part)
    {
        part = default;
        var start = IndexOfDelimiter(rest, boundary);
        if (start < 0)
            return false;
        rest = rest[(start + 2 + boundary.Length)..];
        if (rest.StartsWith("--"u8))
            return false;
        var line = rest.IndexOf((byte)'\n');
        if (line < 0)
            return false;
        rest = rest[(line + 1)..];
        var end = IndexOfDelimiter(rest, boundary);
        var content = end < 0 ? rest : rest[..end];
        // RFC 2046 §5.1.1: the line end before a delimiter belongs to it.
        content = content.EndsWith("\r\n"u8) ? content[..^2] : content.EndsWith("\n"u8) ? content[..^1] : content;
        part = BodyPart.Read(content);
        return true;
    }

    // A delimiter begins a line.
    private static int IndexOfDelimiter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> boundary)
    {
        for (var at = 0; at < text.Length;)
        {
            var dashes = text[at..].IndexOf("--"u8);
            if (dashes < 0)
                return -1;
            at += dashes;
            if ((at == 0 || text[at - 1] == '\n') && IsDelimiter(text[(at + 2)..], boundary))
                return at;
            at++;
        }

        return -1;
    }

    private static bool IsDelimiter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> boundary) =>
        text.StartsWith(boundary)
            && (text.Length == boundary.Length || text[boundary.Length] is (byte)'\r' or (byte)'\n' or (byte)'-' or (byte)' ');

    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        return (semicolon < 0 ? value : value[..semicolon]).Trim(" \t"u8);
    }

    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> value, ReadOnlySpan<byte> name)
    {
        foreach (var range in value.Split((byte)';'))
        {
            var parameter = value[range];
            var equals = parameter.IndexOf((byte)'=');
            if (equals > 0 && Ascii.EqualsIgnoreCase(parameter[..equals].Trim(" \t"u8), name))
                return parameter[(equals + 1)..].Trim(" \t\""u8);
        }

        return default;
    }

    private readonly ref struct BodyPart(
        ReadOnlySpan<byte> type, ReadOnlySpan<byte> encoding, ReadOnlySpan<byte> disposition, ReadOnlySpan<byte> content)
    {
        public ReadOnlySpan<byte> Type { get; } = type;

        public ReadOnlySpan<byte> Encoding { get; } = encoding;

        public ReadOnlySpan<byte> Disposition { get; } = disposition;

        public ReadOnlySpan<byte> Content { get; } = content;

        // RFC 2046 §5.1: header lines, a blank line, the content.
        public static BodyPart Read(ReadOnlySpan<byte> part)
        {
            ReadOnlySpan<byte> type = default, encoding = default, disposition = default;
            while (!part.IsEmpty)
            {
                var end = part.IndexOf((byte)'\n');
                var line = (end < 0 ? part : part[..end]).Trim(" \t\r"u8);
                part = end < 0 ? default : part[(end + 1)..];
                if (line.IsEmpty)
                    break;
                var colon = line.IndexOf((byte)':');
                if (colon < 0)
                    continue;
                var name = line[..colon].TrimEnd((byte)' ');
                var value = line[(colon + 1)..].Trim(" \t"u8);
                if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8))
                    type = value;
                else if (Ascii.EqualsIgnoreCase(name, "Content-Disposition"u8))
                    disposition = value;
                else if (Ascii.EqualsIgnoreCase(name, "Content-Encoding"u8))
                    encoding = value;
            }

            return new BodyPart(type, encoding, disposition, part);
        }
    }
}
