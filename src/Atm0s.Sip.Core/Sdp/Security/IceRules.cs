namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>ICE in descriptions (RFC 8839), as pure functions.</summary>
internal static class IceRules
{
    /// <summary>Answers an offer. Another login is a restart, to which ours is new too (RFC 8839 §4.4.1.1.1).</summary>
    public static AgreedIce? Answer(DescribedIce? theirs, DtlsWish wish, AgreedIce? before) => theirs is null ? null
        : new AgreedIce(
            before is not null && before.Theirs == theirs.Login ? before.Ours : wish.NewIceLogin(),
            theirs.Login,
            theirs.Candidates,
            theirs.IsLite);

    /// <summary>Takes the answer to an offer of ours; null when one of both has no ICE: then the addresses of the description count.</summary>
    public static AgreedIce? Match(IceLogin? ours, DescribedIce? theirs) =>
        ours is null || theirs is null ? null : new AgreedIce(ours, theirs.Login, theirs.Candidates, theirs.IsLite);

    /// <summary>Whether the way is found by checks alone, so that the address of the description says nothing (RFC 8445 §6.2).</summary>
    public static bool FindsTheWay(AgreedSecurity? security) => security?.Ice is { IsPeerLite: false };
}
