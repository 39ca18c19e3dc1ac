using System.Buffers;
using System.Buffers.Text;

namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>Finds the few values that a caller needs in what servers send. It judges nothing: it is no parser.</summary>
internal static class SipReader
{
    private static readonly SearchValues<byte> EndOfParameter = SearchValues.Create(" ,;>\r\n"u8);

    /// <summary>The status of a response.</summary>
    /// <returns>0 for anything else.</returns>
    public static int Status(ReadOnlySpan<byte> message) =>
        message.Length > 12 && message.StartsWith("SIP/2.0 "u8) && Utf8Parser.TryParse(message.Slice(8, 3), out int status, out _)
            ? status : 0;

    /// <summary>The method of a request.</summary>
    public static ReadOnlySpan<byte> Method(ReadOnlySpan<byte> message) => message[..Math.Max(message.IndexOf((byte)' '), 0)];

    /// <summary>The value of the first header of this name, or of its short form.</summary>
    public static ReadOnlySpan<byte> Header(
        ReadOnlySpan<byte> message, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> shortName = default)
    {
        var at = 0;
        return NextHeader(message, ref at, name, shortName);
    }

    /// <summary>The value of the next header of this name.</summary>
    /// <param name="message">The message.</param>
    /// <param name="at">Where to look from; afterwards where the next is looked for.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shortName">Its short form, if it has one.</param>
    /// <returns>Empty when there is no more.</returns>
    public static ReadOnlySpan<byte> NextHeader(
        ReadOnlySpan<byte> message, scoped ref int at, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> shortName = default)
    {
        while (message[at..].IndexOf("\r\n"u8) is >= 0 and var end)
        {
            at += end + 2;
            var line = message[at..];
            var length = line.IndexOf("\r\n"u8);
            if (length == 0)
                break;
            line = length < 0 ? line : line[..length];
            if (line.IndexOf((byte)':') is > 0 and var colon && (Same(line[..colon], name) || Same(line[..colon], shortName)))
                return line[(colon + 1)..].Trim((byte)' ');
        }

        at = message.Length;
        return default;
    }

    /// <summary>A parameter of a header, without its quotes.</summary>
    /// <param name="value">The header.</param>
    /// <param name="name">With its equals sign: <c>tag=</c>.</param>
    public static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> name)
    {
        for (var from = 0; value[from..].IndexOf(name) is >= 0 and var at; from += at + name.Length)
        {
            // Not the end of a longer name, as nonce in cnonce.
            if (from + at > 0 && !" ,;\t"u8.Contains(value[from + at - 1]))
                continue;
            var rest = value[(from + at + name.Length)..];
            if (rest.StartsWith("\""u8))
                return rest[1..].IndexOf((byte)'"') is >= 0 and var quote ? rest.Slice(1, quote) : default;
            return rest.IndexOfAny(EndOfParameter) is >= 0 and var end ? rest[..end] : rest;
        }

        return default;
    }

    /// <summary>The URI of an address header.</summary>
    public static ReadOnlySpan<byte> Uri(ReadOnlySpan<byte> value)
    {
        var open = value.IndexOf((byte)'<');
        var close = open < 0 ? -1 : value[open..].IndexOf((byte)'>');
        return close < 0 ? value : value.Slice(open + 1, close - 1);
    }

    /// <summary>The port of the first audio stream.</summary>
    /// <returns>0 when there is none.</returns>
    public static int AudioPort(ReadOnlySpan<byte> message) =>
        message.IndexOf("m=audio "u8) is >= 0 and var at && Utf8Parser.TryParse(message[(at + 8)..], out int port, out _) ? port : 0;

    private static bool Same(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) =>
        wanted.Length > 0 && System.Text.Ascii.EqualsIgnoreCase(name.TrimEnd(" \t"u8), wanted);
}
