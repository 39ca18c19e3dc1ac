namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What a description says of ICE for one of its streams (RFC 8839 §4.2, §5). Bounded.</summary>
/// <param name="Login">Whose.</param>
/// <param name="Candidates">Those that can be used here.</param>
/// <param name="IsLite">Whether its author is lite.</param>
internal sealed record DescribedIce(IceLogin Login, IReadOnlyList<SdpCandidate> Candidates, bool IsLite)
{
    private const int MaxCandidates = 32;

    /// <summary>Reads it; null when there is none, or what is there is not valid.</summary>
    public static DescribedIce? Read(SessionDescription description, MediaDescription media)
    {
        // RFC 8839 §5.4: both may stand above the streams.
        if (SdpAttributes.ValueOf(description, media, "ice-ufrag") is not { } ufrag
            || SdpAttributes.ValueOf(description, media, "ice-pwd") is not { } password
            || new IceLogin(ufrag, password) is not { IsValid: true } login)
            return null;
        var candidates = new List<SdpCandidate>();
        foreach (var value in media.Attributes.ValuesOf("candidate").Take(MaxCandidates))
        {
            if (SdpCandidate.TryParse(value, out var candidate) && candidate.Component <= 2)
                candidates.Add(candidate);
        }

        return new DescribedIce(login, candidates, description.Attributes.Has("ice-lite"));
    }
}
