using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>
/// Answers over UDP to who has not shown that it is where its packets say: at most half as long again as the request, so that nobody is
/// worth flooding by way of us. From what is too long one part after the other is left out; what is too long even so is not sent. Requests
/// of phones are long enough for all that belongs into their answers.
/// </summary>
internal static class BriefResponse
{
    // What is left out, each with all before it.
    private enum Form
    {
        Server,

        /// <summary>
        /// Supported, and of several challenges all but one: MD5, which every phone knows, else the first (RFC 8760 §2.3).
        /// </summary>
        Wishes,

        /// <summary>Accept where it explains no refusal, which RFC 3261 §11.2 recommends in the answer to OPTIONS; and Content-Length: a
        /// datagram ends where it ends (§18.3).</summary>
        Types,

        /// <summary>Allow where it explains no refusal.</summary>
        Methods,

        /// <summary>Names that have a short form (RFC 3261 §7.3.3).</summary>
        Names,

        /// <summary>What explains a refusal, and its phrase, which is for people (§7.2).</summary>
        Explanations,
    }

    /// <summary>The longest answer to a request.</summary>
    /// <param name="request">The request.</param>
    public static int MaxLength(SipMessage request) => request.Raw.Length * 3 / 2;

    /// <summary>Writes a response in at most so many bytes.</summary>
    /// <param name="response">The whole response; without a body.</param>
    /// <param name="max">Bytes.</param>
    /// <param name="brief">Gets the response; as long as <paramref name="response"/>.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when it can't be that short.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> response, int max, Span<byte> brief, out int length)
    {
        length = 0;
        for (var form = Form.Server; form <= Form.Explanations; form++)
        {
            length = Write(response, form, brief);
            if (length <= max)
                return length > 0;
        }

        return false;
    }

    // 0 for what is no response without a body.
    private static int Write(ReadOnlySpan<byte> rest, Form form, Span<byte> brief)
    {
        var output = brief;
        if (!TryReadLine(ref rest, out var line) || line.Length < "SIP/2.0 200 ".Length)
            return 0;
        var isSuccess = line["SIP/2.0 ".Length] == (byte)'2';
        Append(ref output, form == Form.Explanations ? line[.."SIP/2.0 200 ".Length] : line);
        Append(ref output, "\r\n"u8);
        ReadOnlySpan<byte> challenge = default;
        while (TryReadLine(ref rest, out line))
        {
            if (line.IsEmpty)
            {
                if (!challenge.IsEmpty)
                    AppendField(ref output, challenge, form);
                Append(ref output, "\r\n"u8);
                return rest.IsEmpty ? brief.Length - output.Length : 0;
            }

            var id = IdOf(line);
            if (id == SipHeaderId.WwwAuthenticate && form >= Form.Wishes)
                challenge = challenge.IsEmpty || line.IndexOf("algorithm=MD5,"u8) > 0 ? line : challenge;
            else if (IsKept(id, form, isSuccess))
                AppendField(ref output, line, form);
        }

        return 0;
    }

    private static bool IsKept(SipHeaderId id, Form form, bool isSuccess) => id switch
    {
        SipHeaderId.Via or SipHeaderId.From or SipHeaderId.To or SipHeaderId.CallId or SipHeaderId.CSeq => true,
        SipHeaderId.Server => false,
        SipHeaderId.Supported => form < Form.Wishes,
        SipHeaderId.ContentLength => form < Form.Types,
        SipHeaderId.Accept when isSuccess => form < Form.Types,
        SipHeaderId.Allow when isSuccess => form < Form.Methods,
        _ => form < Form.Explanations,
    };

    private static void AppendField(scoped ref Span<byte> output, ReadOnlySpan<byte> line, Form form)
    {
        var shortName = form < Form.Names ? default : ShortNameOf(IdOf(line));
        if (!shortName.IsEmpty)
        {
            Append(ref output, shortName);
            line = SipChars.Trim(line[(line.IndexOf((byte)':') + 1)..]);
        }

        Append(ref output, line);
        Append(ref output, "\r\n"u8);
    }

    private static void Append(scoped ref Span<byte> output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output);
        output = output[bytes.Length..];
    }

    private static ReadOnlySpan<byte> ShortNameOf(SipHeaderId id) => id switch
    {
        SipHeaderId.Via => "v:"u8,
        SipHeaderId.From => "f:"u8,
        SipHeaderId.To => "t:"u8,
        SipHeaderId.CallId => "i:"u8,
        SipHeaderId.Contact => "m:"u8,
        _ => default,
    };

    private static SipHeaderId IdOf(ReadOnlySpan<byte> line) =>
        line.IndexOf((byte)':') is var colon and > 0 ? SipHeaderNames.Find(line[..colon]) : SipHeaderId.Other;

    private static bool TryReadLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf("\r\n"u8);
        line = end < 0 ? default : rest[..end];
        rest = end < 0 ? rest : rest[(end + 2)..];
        return end >= 0;
    }
}
