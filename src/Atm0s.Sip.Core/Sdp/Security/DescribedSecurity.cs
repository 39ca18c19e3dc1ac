namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What a description says of the keys of one of its streams: what is of use here. Bounded.</summary>
/// <param name="Profile">The transport.</param>
/// <param name="Lines">Its lines <c>a=crypto</c> that are valid, in order.</param>
/// <param name="Fingerprints">Those that prove something.</param>
/// <param name="Setup">Who begins DTLS.</param>
/// <param name="Id">Name of the association (RFC 8842 §4), or null.</param>
/// <param name="HasMany">Whether it has several lines <c>a=crypto</c>, valid or not.</param>
internal sealed record DescribedSecurity(
    SdpProfile Profile,
    IReadOnlyList<CryptoAttribute> Lines,
    IReadOnlyList<SdpFingerprint> Fingerprints,
    SdpSetup Setup,
    string? Id,
    bool HasMany)
{
    private const int MaxLines = 16;
    private const int MaxFingerprints = 8;
    private const int MaxId = 256;

    /// <summary>Reads it; null when the profile is not of RTP over UDP.</summary>
    public static DescribedSecurity? Read(SessionDescription description, MediaDescription media)
    {
        if (SdpProfile.Read(media.Protocol) is not { } profile)
            return null;
        // RFC 8122 §5, RFC 4145 §4: both may stand above the streams, and hold for all of them then.
        var prints = media.Attributes.Has("fingerprint") ? media.Attributes : description.Attributes;
        return new DescribedSecurity(
            profile,
            LinesOf(media),
            FingerprintsOf(prints),
            SdpSetups.Parse(SdpAttributes.ValueOf(description, media, "setup")),
            SdpAttributes.ValueOf(description, media, "tls-id") is { Length: > 0 and <= MaxId } id ? id : null,
            media.Attributes.ValuesOf("crypto").Skip(1).Any());
    }

    /// <summary>Whether a stream is offered with keys, of whatever use they are.</summary>
    public static bool HasKeys(SessionDescription description, MediaDescription media) =>
        media.Attributes.Has("crypto") || media.Attributes.Has("fingerprint") || description.Attributes.Has("fingerprint");

    /// <summary>The valid lines of a stream. RFC 4568 §9.1: tags differ; of two that do not the first counts.</summary>
    public static IReadOnlyList<CryptoAttribute> LinesOf(MediaDescription media)
    {
        if (!media.Attributes.Has("crypto"))
            return [];
        var lines = new List<CryptoAttribute>();
        foreach (var value in media.Attributes.ValuesOf("crypto").Take(MaxLines))
        {
            if (CryptoAttribute.TryParse(value, out var line) && !lines.Exists(known => known.Tag == line.Tag))
                lines.Add(line);
        }

        return lines;
    }

    private static List<SdpFingerprint> FingerprintsOf(IReadOnlyList<SdpAttribute> attributes)
    {
        if (!attributes.Has("fingerprint"))
            return [];
        var prints = new List<SdpFingerprint>();
        foreach (var value in attributes.ValuesOf("fingerprint").Take(MaxFingerprints))
        {
            if (SdpFingerprint.TryParse(value, out var print) && !prints.Contains(print))
                prints.Add(print);
        }

        return prints;
    }
}
