using System.Net;
using System.Text;

namespace Atm0s.Sip.Hooks;

/// <summary>A text message of a phone (RFC 3428).</summary>
public sealed record MessageRequest
{
    /// <summary>The call that it came in; null when it came outside of any.</summary>
    public CallInfo? Call { get; init; }

    /// <summary>Number of the sender: the user part of From, unescaped; empty when it has none.</summary>
    public required string From { get; init; }

    /// <summary>Number it is for: the user part of To, unescaped; empty when it has none.</summary>
    public required string To { get; init; }

    /// <summary>Name of the authenticated user, or null.</summary>
    public string? Username { get; init; }

    /// <summary>How the server knows who sends.</summary>
    public CallerAuthentication Authentication { get; init; }

    /// <summary>Name of the trunk that it came over, or null.</summary>
    public string? Trunk { get; init; }

    /// <summary>Address it came from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>Type of the body, for example <c>text/plain</c>; empty when the sender does not say.</summary>
    public required string ContentType { get; init; }

    /// <summary>The body, at most 64 kB.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body read as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Header fields in order, names as received. Without credentials.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Does not show the text.</summary>
    public override string ToString() => $"MessageRequest {{ From = {From}, To = {To}, ContentType = {ContentType} }}";
}
