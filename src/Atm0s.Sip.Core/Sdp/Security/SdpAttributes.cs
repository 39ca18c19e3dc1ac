namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Finds attributes that the model has no member for.</summary>
internal static class SdpAttributes
{
    /// <summary>Whether there is one of a name.</summary>
    public static bool Has(this IReadOnlyList<SdpAttribute> attributes, string name) => IndexOf(attributes, name, 0) >= 0;

    /// <summary>The value of the first one of a name, or null; empty for a flag.</summary>
    public static string? ValueOf(this IReadOnlyList<SdpAttribute> attributes, string name) =>
        IndexOf(attributes, name, 0) is >= 0 and var at ? attributes[at].Value ?? "" : null;

    /// <summary>The values of all of a name, in order.</summary>
    public static IEnumerable<string> ValuesOf(this IReadOnlyList<SdpAttribute> attributes, string name)
    {
        for (var at = IndexOf(attributes, name, 0); at >= 0; at = IndexOf(attributes, name, at + 1))
            yield return attributes[at].Value ?? "";
    }

    /// <summary>The value that holds for a stream: its own, else that of the session (RFC 8866 §6).</summary>
    public static string? ValueOf(SessionDescription description, MediaDescription media, string name) =>
        media.Attributes.ValueOf(name) ?? description.Attributes.ValueOf(name);

    private static int IndexOf(IReadOnlyList<SdpAttribute> attributes, string name, int from)
    {
        for (var i = from; i < attributes.Count; i++)
        {
            if (attributes[i].Name == name)
                return i;
        }

        return -1;
    }
}
