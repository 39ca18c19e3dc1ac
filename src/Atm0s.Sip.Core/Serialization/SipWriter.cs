using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>
/// Writes a message, straight into a buffer. Every value passes one gate: a CR or LF in it is an <see cref="ArgumentException"/>, so that
/// nothing
/// the host supplies can become a header field of its own. So is a NUL, but for one behind a backslash: a phone may send that in a display
/// name
/// (RFC 4475 §3.1.1.2), and the answer gives it back.
/// </summary>
/// <param name="output">Gets the bytes.</param>
public readonly ref struct SipWriter(IBufferWriter<byte> output)
{
    // Our own buffer is written to without the detour of the interface: a response is some fifty pieces.
    private readonly PooledBufferWriter? _pooled = output as PooledBufferWriter;

    /// <summary>Writes <c>METHOD uri SIP/2.0</c>.</summary>
    public void RequestLine(SipMethod method, ReadOnlySpan<byte> uri) => RequestLine(method.ToToken(), uri);

    /// <summary>Writes <c>METHOD uri SIP/2.0</c>.</summary>
    public void RequestLine(ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri)
    {
        Checked(method);
        Raw(" "u8);
        Checked(uri);
        Raw(" SIP/2.0\r\n"u8);
    }

    /// <summary>Writes <c>SIP/2.0 code reason</c>.</summary>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    public void StatusLine(int status, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Raw("SIP/2.0 "u8);
        Number((uint)status);
        Raw(" "u8);
        Checked(reason ?? SipReasonPhrases.Get(status));
        Raw("\r\n"u8);
    }

    /// <summary>Writes a header field.</summary>
    public void Header(SipHeaderId id, ReadOnlySpan<byte> value)
    {
        BeginHeader(id);
        Checked(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a header field.</summary>
    public void Header(SipHeaderId id, string value)
    {
        BeginHeader(id);
        Checked(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a header field with a number.</summary>
    public void Header(SipHeaderId id, uint value)
    {
        BeginHeader(id);
        Number(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a header field of any name.</summary>
    public void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        Checked(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a header field of any name.</summary>
    public void Header(string name, string value)
    {
        Begin(Encoding.UTF8.GetBytes(name));
        Checked(value);
        Raw("\r\n"u8);
    }

    /// <summary>
    /// Begins a header field: name and colon. Go on with <see cref="Value(ReadOnlySpan{byte})"/> and end with <see cref="EndHeader"/>.
    /// </summary>
    public void BeginHeader(SipHeaderId id)
    {
        // A known name is a token.
        Raw(SipHeaderNames.GetName(id));
        Raw(": "u8);
    }

    /// <summary>Writes a part of a value.</summary>
    public void Value(ReadOnlySpan<byte> part) => Checked(part);

    /// <summary>Writes a part of a value.</summary>
    public void Value(string part) => Checked(part);

    /// <summary>Writes a number as a part of a value.</summary>
    public void Value(uint part) => Number(part);

    /// <summary>Ends a header field.</summary>
    public void EndHeader() => Raw("\r\n"u8);

    /// <summary>Copies all fields of that id, in order, under their full name.</summary>
    public void CopyHeaders(SipMessage source, SipHeaderId id)
    {
        for (var i = 0; i < source.HeaderCount; i++)
        {
            var field = source.GetHeader(i);
            if (field.Id == id)
                Header(id, field.Value);
        }
    }

    /// <summary>Ends the message with a body: Content-Type, Content-Length, blank line, body.</summary>
    public void Body(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            End();
            return;
        }

        Header(SipHeaderId.ContentType, contentType);
        Header(SipHeaderId.ContentLength, (uint)body.Length);
        Raw("\r\n"u8);
        Raw(body);
    }

    /// <summary>Ends the message without a body: Content-Length 0 and the blank line.</summary>
    public void End() => Raw("Content-Length: 0\r\n\r\n"u8);

    private static void Refuse() =>
        throw new ArgumentException("A value that goes into a SIP message must not hold CR, LF or NUL.");

    private void Begin(ReadOnlySpan<byte> name)
    {
        if (!SipChars.IsToken(name))
            throw new ArgumentException(
                "A header field name is a token: letters, digits and -.!%*_+`'~ only (RFC 3261 §25.1).", nameof(name));
        Raw(name);
        Raw(": "u8);
    }

    private void Checked(ReadOnlySpan<byte> value)
    {
        for (var rest = value; rest.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            if (rest[at] != 0 || at == 0 || rest[at - 1] != '\\')
                Refuse();
        }

        Raw(value);
    }

    private void Checked(string value)
    {
        for (var rest = value.AsSpan(); rest.IndexOfAny('\r', '\n', '\0') is >= 0 and var at; rest = rest[(at + 1)..])
        {
            if (rest[at] != 0 || at == 0 || rest[at - 1] != '\\')
                Refuse();
        }

        Encoding.UTF8.GetBytes(value, output);
    }

    private void Number(uint value)
    {
        var span = output.GetSpan(10);
        Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        if (_pooled is { } pooled)
            pooled.Append(bytes);
        else
            output.Write(bytes);
    }
}
