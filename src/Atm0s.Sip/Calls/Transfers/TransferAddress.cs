using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>Where a host sends a phone: a URI, or a bare number.</summary>
internal static class TransferAddress
{
    private const int MaxLength = 1024;

    /// <exception cref="ArgumentException">Neither a URI that a Refer-To can hold nor a number.</exception>
    public static void Check(string target, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(target, name);
        var isUri = IsUri(target);
        if (target.Length > MaxLength
            || target.AsSpan().ContainsAnyInRange('\0', ' ')
            || target.AsSpan().ContainsAny('<', '>', '"')
            || (isUri && (target.Contains('?', StringComparison.Ordinal) || !SipUriView.TryParse(Encoding.UTF8.GetBytes(target), out _))))
            throw new ArgumentException(
                $"\"{target}\" is neither a number nor a URI; write for example 1001 or sip:1001@192.0.2.7.", name);
    }

    /// <summary>The URI; a number is one of the host by which the phone knows us.</summary>
    /// <param name="target">A target that has been checked.</param>
    /// <param name="localUri">Our URI in the dialog.</param>
    public static string ToUri(string target, ReadOnlySpan<byte> localUri)
    {
        if (IsUri(target) || !SipUriView.TryParse(localUri, out var local))
            return target;
        var host = Encoding.UTF8.GetString(local.Host);
        return $"sip:{SipEscapes.EscapeUser(target)}@{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}";
    }

    private static bool IsUri(string target) =>
        target.StartsWith("sip:", StringComparison.OrdinalIgnoreCase)
        || target.StartsWith("sips:", StringComparison.OrdinalIgnoreCase)
        || target.StartsWith("tel:", StringComparison.OrdinalIgnoreCase);
}
