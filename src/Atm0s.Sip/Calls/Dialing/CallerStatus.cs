namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// What a caller is answered when the one who was rung for him has failed. Only what is about the called person goes on: other codes are
/// about our request and not his, and many need fields that he would look for in vain (RFC 3261 §20.27 and §22.2 401 and 407, §21.4.6
/// 405, §21.4.13 415, §21.4.15 420, §21.4.16 421, §21.4.17 423, RFC 4028 §5 422, RFC 3329 §2.2 494).
/// </summary>
internal static class CallerStatus
{
    /// <summary>Whether a response of this code makes no sense without a field that only who asks for something can write.</summary>
    public static bool NeedsField(int status) => status is 401 or 407 or 420 or 421 or 422 or 423 or 494;

    /// <summary>The status code.</summary>
    /// <param name="status">That of the called side, 0 when there is none.</param>
    public static int Of(int status) => status switch
    {
        403 or 404 or 408 or 410 or 480 or 484 or 486 or 488 or 500 or 503 or 504 or 600 or 603 or 604 or 606 => status,
        // RFC 8197, RFC 8688: the caller is unwanted, or rejected by a rule.
        607 or 608 => status,
        >= 600 and <= 699 => 603,
        >= 500 and <= 599 => 500,
        _ => 480,
    };
}
