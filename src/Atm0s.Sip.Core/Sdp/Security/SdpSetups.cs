namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>The roles of <c>a=setup</c> and their words.</summary>
internal static class SdpSetups
{
    public static SdpSetup Parse(string? text) => text?.ToLowerInvariant() switch
    {
        null => SdpSetup.None,
        "active" => SdpSetup.Active,
        "passive" => SdpSetup.Passive,
        "actpass" => SdpSetup.ActPass,
        _ => SdpSetup.HoldConn,
    };

    /// <summary>
    /// Whether we begin the handshake of an offer that is answered. RFC 4145 §4.1: nothing said in an offer means active; to
    /// <c>actpass</c> we are passive, for a browser knows better than we when the way is open; and who has begun before goes on to
    /// (RFC 8842 §5.3).
    /// </summary>
    /// <param name="theirs">What the offer says.</param>
    /// <param name="before">Whether we began before, or null.</param>
    /// <returns>Null when nobody may begin.</returns>
    public static bool? IsClientToOffer(SdpSetup theirs, bool? before) => theirs switch
    {
        SdpSetup.ActPass => before ?? false,
        SdpSetup.Passive => true,
        SdpSetup.Active or SdpSetup.None => false,
        _ => null,
    };

    /// <summary>Whether we begin the handshake of an answer to our <c>actpass</c>. RFC 4145 §4.1: nothing said means passive.</summary>
    /// <param name="theirs">What the answer says.</param>
    /// <returns>Null when it is none.</returns>
    public static bool? IsClientToAnswer(SdpSetup theirs) => theirs switch
    {
        SdpSetup.Active => false,
        SdpSetup.Passive or SdpSetup.None => true,
        _ => null,
    };
}
