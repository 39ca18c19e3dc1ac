namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>
/// Whether a stream is protected, and how, as pure functions: what policy wants and both sides can. What once was protected stays so.
/// </summary>
internal static class SecurityRules
{
    /// <summary>Judges a stream of an offer.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="media">The stream.</param>
    /// <param name="wish">What is wanted and can be done; null for nothing.</param>
    /// <param name="before">What holds until now; null when nothing is protected.</param>
    /// <param name="agreed">What will hold; null for plain RTP.</param>
    public static NegotiationFailure Judge(
        SessionDescription offer, MediaDescription media, SecurityWish? wish, AgreedSecurity? before, out AgreedSecurity? agreed)
    {
        agreed = null;
        if (DescribedSecurity.Read(offer, media) is not { } theirs)
            return NegotiationFailure.UnsupportedProfile;
        if (wish is null or { Policy: SecurityPolicy.Off } && before is null)
            return theirs.Profile.IsSecure ? NegotiationFailure.UnsupportedProfile : NegotiationFailure.None;
        agreed = wish is null ? null : Choose(offer, media, theirs, wish, before);
        if (agreed is not null)
            return NegotiationFailure.None;
        return theirs.Profile.IsSecure ? WhyNone(theirs, wish) : WhenPlain(wish, before);
    }

    /// <summary>Judges the answer to a stream of ours.</summary>
    /// <param name="asked">The stream as we offered it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="media">The stream in it.</param>
    /// <param name="wish">What is wanted and can be done; null for nothing.</param>
    /// <param name="before">What holds until now; null when nothing is protected.</param>
    /// <param name="agreed">What holds from now on; null for plain RTP.</param>
    public static NegotiationFailure Match(
        MediaDescription asked,
        SessionDescription answer,
        MediaDescription media,
        SecurityWish? wish,
        AgreedSecurity? before,
        out AgreedSecurity? agreed)
    {
        agreed = null;
        if (DescribedSecurity.Read(answer, media) is not { } theirs)
            return NegotiationFailure.UnsupportedProfile;
        if (wish is not null && asked.Attributes.Has("fingerprint") && theirs.Fingerprints.Count > 0)
        {
            // RFC 5763 §5
            if (SdpSetups.IsClientToAnswer(theirs.Setup) is not { } isClient)
                return NegotiationFailure.BadAnswer;
            var login = asked.Attributes.ValueOf("ice-ufrag") is { } ufrag
                ? new IceLogin(ufrag, asked.Attributes.ValueOf("ice-pwd")!)
                : null;
            agreed = new AgreedSecurity(
                new AgreedKeys.Dtls(isClient, theirs.Fingerprints, theirs.Id) { OwnId = asked.Attributes.ValueOf("tls-id") },
                IceRules.Match(login, DescribedIce.Read(answer, media)));
            return NegotiationFailure.None;
        }

        if (wish is not null && asked.Attributes.Has("crypto") && media.Attributes.Has("crypto"))
        {
            if (SdesRules.Match(DescribedSecurity.LinesOf(asked), theirs, wish) is not { } keys)
                return NegotiationFailure.BadAnswer;
            agreed = new AgreedSecurity(keys, null);
            return NegotiationFailure.None;
        }

        // RFC 8643 §3.3: no keys in the answer, no protection; but never where we offered a secure profile, or the answer has one.
        if (theirs.Profile.IsSecure || SdpProfile.Read(asked.Protocol) is { IsSecure: true })
            return wish is null ? NegotiationFailure.UnsupportedProfile : WhyNone(theirs, wish);
        return WhenPlain(wish, before);
    }

    private static NegotiationFailure WhenPlain(SecurityWish? wish, AgreedSecurity? before) =>
        before is not null ? NegotiationFailure.EncryptionLost
        : wish?.Policy == SecurityPolicy.Require ? NegotiationFailure.EncryptionRequired
        : NegotiationFailure.None;

    // RFC 8643 §3.2: one way, though several may be offered. That which is in use stays; else DTLS comes first, whose keys no server on the
    // way sees.
    private static AgreedSecurity? Choose(
        SessionDescription offer, MediaDescription media, DescribedSecurity theirs, SecurityWish wish, AgreedSecurity? before)
    {
        var sdes = theirs.Profile.IsDtls || !wish.MaySendKeys
            ? null
            : SdesRules.Choose(theirs.Lines, wish, before?.Keys as AgreedKeys.Sdes);
        if (sdes is not null && before?.Keys.Method == KeyMethod.Sdes)
            return new AgreedSecurity(sdes, null);
        if (wish.Dtls is { } ours && ChooseDtls(theirs, wish, before?.Keys as AgreedKeys.Dtls) is { } dtls)
            return new AgreedSecurity(dtls, IceRules.Answer(DescribedIce.Read(offer, media), ours, before?.Ice));
        return sdes is null ? null : new AgreedSecurity(sdes, null);
    }

    private static AgreedKeys.Dtls? ChooseDtls(DescribedSecurity theirs, SecurityWish wish, AgreedKeys.Dtls? before)
    {
        if (theirs.Fingerprints.Count == 0)
            return null;
        // RFC 8842 §5.3: other certificates, or another name, are another association, whose roles are open again.
        var next = new AgreedKeys.Dtls(false, theirs.Fingerprints, theirs.Id);
        var same = before is not null && next.HasSamePeerAs(before) ? before : null;
        if (SdpSetups.IsClientToOffer(theirs.Setup, same?.IsClient) is not { } isClient)
            return null;
        // Who names it is answered with a name; that of an association that goes on stays.
        return next with
        {
            IsClient = isClient, OwnId = theirs.Id is null ? null : same?.OwnId ?? wish.NewAssociationId(),
        };
    }

    private static NegotiationFailure WhyNone(DescribedSecurity theirs, SecurityWish? wish) =>
        wish is null || (wish.Dtls is null && (theirs.Profile.IsDtls || (theirs.Lines.Count == 0 && theirs.Fingerprints.Count > 0)))
            ? NegotiationFailure.UnsupportedProfile
            : theirs.Lines.Count > 0 && !wish.MaySendKeys && !theirs.Profile.IsDtls ? NegotiationFailure.KeysInTheClear
            : NegotiationFailure.NoCommonKeys;
}
