namespace Atm0s.Sip;

/// <summary>What became of a text message (RFC 3428).</summary>
/// <param name="Status">What became of it.</param>
/// <param name="StatusCode">The SIP status code that said so; 0 when there was none.</param>
public sealed record MessageResult(MessageStatus Status, int StatusCode = 0)
{
    internal static MessageResult Of(int status, bool isAnswer) => status switch
    {
        202 => new(MessageStatus.Accepted, status),
        < 300 => new(MessageStatus.Delivered, status),
        408 when !isAnswer => new(MessageStatus.NoAnswer),
        503 when !isAnswer => new(MessageStatus.Unreachable),
        _ => new(MessageStatus.Refused, status),
    };
}
