namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What our descriptions say of keys and of the way.</summary>
/// <param name="Protocol">Profile of the m-line.</param>
/// <param name="Attributes">Of the stream.</param>
internal sealed record SecurityDraft(string Protocol, IReadOnlyList<SdpAttribute> Attributes)
{
    private const string BrowserMid = "0";

    /// <summary>Without anything.</summary>
    public static SecurityDraft Plain { get; } = new(SdpProfile.Plain, []);

    /// <summary>An answer.</summary>
    /// <param name="agreed">What holds.</param>
    /// <param name="protocol">Profile of the offer.</param>
    /// <param name="wish">Ours; null when nothing is protected.</param>
    /// <param name="candidates">Where we can be reached.</param>
    public static SecurityDraft Answer(
        NegotiatedAudio agreed, string protocol, SecurityWish? wish, Func<bool, IReadOnlyList<SdpCandidate>>? candidates)
    {
        if (agreed is { Security: null, Mid: null })
            return new SecurityDraft(protocol, []);
        var attributes = new List<SdpAttribute>();
        AddMid(attributes, agreed.Mid);
        switch (agreed.Security?.Keys)
        {
            case AgreedKeys.Sdes sdes:
                attributes.Add(new SdpAttribute("crypto", sdes.Ours.ToValue()));
                break;
            case AgreedKeys.Dtls dtls:
                AddDtls(attributes, wish!.Dtls!, dtls.IsClient ? "active" : "passive", dtls.OwnId);
                break;
        }

        if (agreed.Security?.Ice is { } ice)
            AddIce(attributes, ice.Ours, candidates?.Invoke(agreed.RtcpMux) ?? []);
        return new SecurityDraft(protocol, attributes);
    }

    /// <summary>An offer: of what holds, or of what is wished when nothing does.</summary>
    /// <param name="wish">Ours; null for nothing.</param>
    /// <param name="current">What holds; null before the first agreement.</param>
    /// <param name="isMuxed">Whether it asks for one port.</param>
    /// <param name="candidates">Where we can be reached.</param>
    public static SecurityDraft Offer(
        SecurityWish? wish, NegotiatedAudio? current, bool isMuxed, Func<bool, IReadOnlyList<SdpCandidate>>? candidates)
    {
        var method = current is null ? wish?.OfferMethod ?? KeyMethod.None : current.Security?.Keys.Method ?? KeyMethod.None;
        if (wish is null || method == KeyMethod.None)
            return Plain;
        var attributes = new List<SdpAttribute>();
        AddMid(attributes, current is null ? wish.OffersToBrowser ? BrowserMid : null : current.Mid);
        if (method == KeyMethod.Sdes)
        {
            foreach (var line in SdesRules.Offer(wish, current?.Security?.Keys as AgreedKeys.Sdes))
                attributes.Add(new SdpAttribute("crypto", line.ToValue()));
            return new SecurityDraft(wish.OffersOpportunistically ? SdpProfile.Plain : SdpProfile.Secure, attributes);
        }

        // RFC 5763 §5, RFC 8842 §5.5: in every offer actpass.
        var id = current is null ? wish.NewAssociationId() : (current.Security!.Keys as AgreedKeys.Dtls)?.OwnId;
        AddDtls(attributes, wish.Dtls!, "actpass", id);
        // RFC 8839 §4.4.1.1.2: the login stays, or it would be a restart.
        var login = current is null ? wish.OffersToBrowser ? wish.Dtls!.NewIceLogin() : null : current.Security!.Ice?.Ours;
        if (login is not null)
            AddIce(attributes, login, candidates?.Invoke(isMuxed) ?? []);
        return new SecurityDraft(
            wish.OffersToBrowser ? SdpProfile.DtlsWithFeedback : wish.OffersOpportunistically ? SdpProfile.Plain : SdpProfile.Dtls, attributes);
    }

    /// <summary>The attributes of the session that go with those of its streams.</summary>
    /// <param name="audio">The stream that is not refused.</param>
    /// <param name="isBundled">Whether it is in a bundle, of one.</param>
    public static IReadOnlyList<SdpAttribute> SessionOf(MediaDescription? audio, bool isBundled)
    {
        if (audio is null || audio.Attributes.Count == 0)
            return [];
        var attributes = new List<SdpAttribute>();
        // RFC 8843 §7.3: the streams that were refused are in no bundle.
        if (isBundled && audio.Attributes.ValueOf("mid") is { } mid)
            attributes.Add(new SdpAttribute("group", $"BUNDLE {mid}"));
        // RFC 8839 §5.3: of the session only.
        if (audio.Attributes.Has("ice-ufrag"))
            attributes.Add(new SdpAttribute("ice-lite", null));
        return attributes;
    }

    private static void AddMid(List<SdpAttribute> attributes, string? mid)
    {
        if (mid is not null)
            attributes.Add(new SdpAttribute("mid", mid));
    }

    private static void AddDtls(List<SdpAttribute> attributes, DtlsWish wish, string setup, string? id)
    {
        attributes.Add(new SdpAttribute("fingerprint", wish.Fingerprint.ToString()));
        attributes.Add(new SdpAttribute("setup", setup));
        if (id is not null)
            attributes.Add(new SdpAttribute("tls-id", id));
    }

    private static void AddIce(List<SdpAttribute> attributes, IceLogin login, IReadOnlyList<SdpCandidate> candidates)
    {
        attributes.Add(new SdpAttribute("ice-ufrag", login.Ufrag));
        attributes.Add(new SdpAttribute("ice-pwd", login.Password));
        foreach (var candidate in candidates)
            attributes.Add(new SdpAttribute("candidate", candidate.ToString()));
        // RFC 8840 §8.2: there will be no more.
        attributes.Add(new SdpAttribute("end-of-candidates", null));
    }
}
