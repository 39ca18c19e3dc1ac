using System.Text;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>A message/sipfrag body (RFC 3420) with a status line, which a NOTIFY of a REFER carries (RFC 3515 §2.4.5).</summary>
internal static class SipFragment
{
    /// <summary>Content-Type of what we write.</summary>
    public static ReadOnlySpan<byte> ContentType => "message/sipfrag;version=2.0"u8;

    /// <summary>Whether a Content-Type is message/sipfrag, whatever its parameters.</summary>
    public static bool IsFragment(ReadOnlySpan<byte> contentType) =>
        FieldParts.TrySplit(contentType, out var type, out _) && SipChars.EqualsIgnoreCase(type, "message/sipfrag"u8);

    /// <summary>Reads the status line at the start of a body; its line end may be missing.</summary>
    /// <param name="body">The body.</param>
    /// <param name="statusCode">Status code, 100 to 699.</param>
    /// <param name="phrase">Reason phrase, UTF-8; may be empty.</param>
    public static bool TryReadStatus(ReadOnlySpan<byte> body, out int statusCode, out ReadOnlySpan<byte> phrase)
    {
        statusCode = 0;
        phrase = default;
        var end = body.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? body : body[..end];
        if (line.Length < 11 || !SipChars.EqualsIgnoreCase(line[..8], "SIP/2.0 "u8))
            return false;
        if (!SipChars.TryReadNumber(line.Slice(8, 3), 699, out var code) || code < 100 || (line.Length > 11 && line[11] != ' '))
            return false;
        statusCode = (int)code;
        phrase = line.Length > 11 ? line[12..] : default;
        return true;
    }

    /// <summary>The body that tells how a request went.</summary>
    /// <param name="statusCode">100 to 699.</param>
    /// <param name="phrase">Reason phrase, or null for the standard one.</param>
    /// <exception cref="ArgumentException">The phrase holds CR, LF or NUL.</exception>
    public static byte[] Format(int statusCode, string? phrase = null)
    {
        using var buffer = PooledBufferWriter.Rent();
        new SipWriter(buffer).StatusLine(statusCode, phrase);
        return buffer.WrittenSpan.ToArray();
    }
}
