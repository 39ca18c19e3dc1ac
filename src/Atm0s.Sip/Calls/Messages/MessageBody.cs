using System.Text;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>What a MESSAGE of ours may carry.</summary>
internal static class MessageBody
{
    private const int MaxBytes = 64_000;
    private const int MaxType = 256;

    /// <exception cref="ArgumentException">Says what can't be sent.</exception>
    public static void Check(string text, string contentType)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            throw new ArgumentException("A message has at most 64,000 bytes as UTF-8.", nameof(text));
        if (contentType.Length > MaxType
            || contentType.AsSpan().ContainsAnyExceptInRange(' ', '~')
            || contentType.IndexOf('/', StringComparison.Ordinal) is 0 or -1)
            throw new ArgumentException($"\"{contentType}\" is no content type; write for example text/plain.", nameof(contentType));
    }
}
