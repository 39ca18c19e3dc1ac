namespace Atm0s.Sip;

/// <summary>
/// What strangers may make the server do. A source is an IPv4 address or an IPv6 /64. Who is known is not held to these limits: addresses
/// that an IP rule trusts, those of trunks, and sources of a registered phone or of a call that is up.
/// </summary>
public sealed class DefenceOptions
{
    /// <summary>
    /// Requests a second that one source may send for long, 1 to 1,000,000, or 0 for no limit; default 200. Requests that open something,
    /// and those that claim to belong to a dialog, count each for themselves. What comes beyond is dropped over UDP, where its source may
    /// be forged, and answered 503 with Retry-After over a connection. Connections, and requests with a nonce that was given to their
    /// address, have a count of their own: what is forged takes nothing from them.
    /// </summary>
    public int MaxRequestsPerSecondPerSource { get; set; } = 200;

    /// <summary>
    /// Requests that one source may send at once, 1 to 1,000,000; default 4,000: an office of 1,000 phones behind one address that comes
    /// back after a power cut, each phone with two REGISTERs and two repetitions.
    /// </summary>
    public int MaxBurstPerSource { get; set; } = 4_000;

    /// <summary>
    /// Requests with a right password that one user may send a second for long, 1 to 1,000,000, or 0 for no limit; default 100: a PBX with
    /// one login. What comes beyond is answered 503 with Retry-After, and the host is not asked.
    /// </summary>
    public int MaxRequestsPerSecondPerUser { get; set; } = 100;

    /// <summary>Requests with a right password that one user may send at once, 1 to 1,000,000; default 1,000.</summary>
    public int MaxBurstPerUser { get; set; } = 1_000;

    /// <summary>
    /// Whether a request inside a call has to come from where the phone is known to be: where the call came from or went to, its Contact,
    /// the proxy of its route, its trunk, a trusted network, or where its user has registered. From elsewhere it is answered 401 and needs
    /// the phone's password; a phone that moves, or has none, is believed when nothing is left where it was. Default true: else whoever has
    /// overheard a call can end it or take it over. A CANCEL has to come from where its INVITE came from.
    /// </summary>
    public bool CheckDialogSource { get; set; } = true;

    /// <summary>
    /// After how many offences within <see cref="OffenceWindow"/> a source is dropped without a word for <see cref="DropDuration"/>: wrong
    /// passwords, and over a connection requests of <see cref="DroppedUserAgents"/>. 0 to 10,000; default 0: never, for all of an office
    /// may be behind one address, and wrong passwords are slowed down anyway. Only what a verified source has done counts, a right password
    /// forgives all, and who is known is not dropped. 10 is a usual number.
    /// </summary>
    public int MaxOffencesPerSource { get; set; }

    /// <summary>Time in which offences are counted. 1 s to 1 day, default 10 minutes.</summary>
    public TimeSpan OffenceWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a source is dropped. 1 s to 1 day, default 10 minutes.</summary>
    public TimeSpan DropDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Beginnings of User-Agent whose requests are dropped, in either case: programs that look for servers with weak passwords. A name is
    /// easily forged, so nothing but the request itself is dropped. Each is logged (event 2035). Clear it to drop none.
    /// </summary>
    public IList<string> DroppedUserAgents { get; } =
        ["friendly-scanner", "sipvicious", "sundayddr", "sipcli", "sip-scan", "VaxSIPUserAgent", "pplsip", "iWar", "sivus"];
}
