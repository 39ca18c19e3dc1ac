namespace Atm0s.Sip;

/// <summary>Settings of one text message outside of a call.</summary>
public sealed record SendMessageOptions
{
    /// <summary>Type of the text, at most 256 characters. Default <c>text/plain;charset=UTF-8</c>.</summary>
    public string ContentType { get; init; } = "text/plain;charset=UTF-8";

    /// <summary>Answers a digest challenge of the other server; null sends none.</summary>
    public SipCredentials? Credentials { get; init; }
}
