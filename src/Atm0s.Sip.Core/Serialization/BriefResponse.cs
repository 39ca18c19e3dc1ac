using System.Buffers;
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

        /// <summary>Supported, and of several challenges all but one: MD5, which every phone knows, else the first (RFC 8760 §2.3).</summary>
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
    /// <param name="brief">Gets the response.</param>
    /// <returns>False when it can't be that short.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> response, int max, PooledBufferWriter brief)
    {
        for (var form = Form.Server; form <= Form.Explanations; form++)
        {
            brief.Reset();
            if (!TryWrite(response, form, brief))
                return false;
            if (brief.WrittenCount <= max)
                return true;
        }

        return false;
    }

    private static bool TryWrite(ReadOnlySpan<byte> rest, Form form, PooledBufferWriter brief)
    {
        if (!TryReadLine(ref rest, out var line) || line.Length < "SIP/2.0 200 ".Length)
            return false;
        var isSuccess = line["SIP/2.0 ".Length] == (byte)'2';
        brief.Write(form == Form.Explanations ? line[.."SIP/2.0 200 ".Length] : line);
        brief.Write("\r\n"u8);
        ReadOnlySpan<byte> challenge = default;
        while (TryReadLine(ref rest, out line))
        {
            if (line.IsEmpty)
            {
                if (!challenge.IsEmpty)
                    Write(challenge, form, brief);
                brief.Write("\r\n"u8);
                return rest.IsEmpty;
            }

            var id = IdOf(line);
            if (id == SipHeaderId.WwwAuthenticate && form >= Form.Wishes)
                challenge = challenge.IsEmpty || line.IndexOf("algorithm=MD5,"u8) > 0 ? line : challenge;
            else if (IsKept(id, form, isSuccess))
                Write(line, form, brief);
        }

        return false;
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

    private static void Write(ReadOnlySpan<byte> line, Form form, PooledBufferWriter brief)
    {
        var shortName = form < Form.Names ? default : ShortNameOf(IdOf(line));
        if (!shortName.IsEmpty)
        {
            brief.Write(shortName);
            line = SipChars.Trim(line[(line.IndexOf((byte)':') + 1)..]);
        }

        brief.Write(line);
        brief.Write("\r\n"u8);
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
