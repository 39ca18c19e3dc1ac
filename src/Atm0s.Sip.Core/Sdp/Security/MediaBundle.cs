namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Names of streams (RFC 5888) and bundles of them (RFC 8843).</summary>
internal static class MediaBundle
{
    private const int MaxName = 64;

    /// <summary>The name of a stream, or null.</summary>
    public static string? MidOf(MediaDescription media) =>
        media.Attributes.ValueOf("mid") is { Length: > 0 and <= MaxName } name && !name.Any(c => c <= ' ' || c > '~') ? name : null;

    /// <summary>Whether a stream is in a bundle: then RTP and RTCP share its port (RFC 8843 §9.3).</summary>
    public static bool Has(SessionDescription description, string? mid)
    {
        if (mid is null)
            return false;
        foreach (var group in description.Attributes.ValuesOf("group"))
        {
            var words = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["BUNDLE", ..] && words.Contains(mid))
                return true;
        }

        return false;
    }
}
