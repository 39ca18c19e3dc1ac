namespace Atm0s.Sip.Core.Messages;

/// <summary>A header field this library has a name for. Compact forms (RFC 3261 §7.3.3) have the same id.</summary>
public enum SipHeaderId : byte
{
    /// <summary>Any other; found by its name.</summary>
    Other,

    /// <summary><c>Via</c>, compact <c>v</c> (RFC 3261 §20.42).</summary>
    Via,

    /// <summary><c>From</c>, compact <c>f</c> (RFC 3261 §20.20).</summary>
    From,

    /// <summary><c>To</c>, compact <c>t</c> (RFC 3261 §20.39).</summary>
    To,

    /// <summary><c>Call-ID</c>, compact <c>i</c> (RFC 3261 §20.8).</summary>
    CallId,

    /// <summary><c>CSeq</c> (RFC 3261 §20.16).</summary>
    CSeq,

    /// <summary><c>Contact</c>, compact <c>m</c> (RFC 3261 §20.10).</summary>
    Contact,

    /// <summary><c>Max-Forwards</c> (RFC 3261 §20.22).</summary>
    MaxForwards,

    /// <summary><c>Record-Route</c> (RFC 3261 §20.30).</summary>
    RecordRoute,

    /// <summary><c>Route</c> (RFC 3261 §20.34).</summary>
    Route,

    /// <summary><c>Content-Type</c>, compact <c>c</c> (RFC 3261 §20.15).</summary>
    ContentType,

    /// <summary><c>Content-Length</c>, compact <c>l</c> (RFC 3261 §20.14).</summary>
    ContentLength,

    /// <summary><c>Content-Encoding</c>, compact <c>e</c> (RFC 3261 §20.12).</summary>
    ContentEncoding,

    /// <summary><c>Content-Disposition</c> (RFC 3261 §20.11).</summary>
    ContentDisposition,

    /// <summary><c>Content-Language</c> (RFC 3261 §20.13).</summary>
    ContentLanguage,

    /// <summary><c>Expires</c> (RFC 3261 §20.19).</summary>
    Expires,

    /// <summary><c>Min-Expires</c> (RFC 3261 §20.23).</summary>
    MinExpires,

    /// <summary><c>Authorization</c> (RFC 3261 §20.7).</summary>
    Authorization,

    /// <summary><c>Proxy-Authorization</c> (RFC 3261 §20.28).</summary>
    ProxyAuthorization,

    /// <summary><c>WWW-Authenticate</c> (RFC 3261 §20.44).</summary>
    WwwAuthenticate,

    /// <summary><c>Proxy-Authenticate</c> (RFC 3261 §20.27).</summary>
    ProxyAuthenticate,

    /// <summary><c>Authentication-Info</c> (RFC 3261 §20.6).</summary>
    AuthenticationInfo,

    /// <summary><c>Require</c> (RFC 3261 §20.32).</summary>
    Require,

    /// <summary><c>Proxy-Require</c> (RFC 3261 §20.29).</summary>
    ProxyRequire,

    /// <summary><c>Supported</c>, compact <c>k</c> (RFC 3261 §20.37).</summary>
    Supported,

    /// <summary><c>Unsupported</c> (RFC 3261 §20.40).</summary>
    Unsupported,

    /// <summary><c>Allow</c> (RFC 3261 §20.5).</summary>
    Allow,

    /// <summary><c>Accept</c> (RFC 3261 §20.1).</summary>
    Accept,

    /// <summary><c>Accept-Encoding</c> (RFC 3261 §20.2).</summary>
    AcceptEncoding,

    /// <summary><c>Accept-Language</c> (RFC 3261 §20.3).</summary>
    AcceptLanguage,

    /// <summary><c>User-Agent</c> (RFC 3261 §20.41).</summary>
    UserAgent,

    /// <summary><c>Server</c> (RFC 3261 §20.35).</summary>
    Server,

    /// <summary><c>Subject</c>, compact <c>s</c> (RFC 3261 §20.36).</summary>
    Subject,

    /// <summary><c>Date</c> (RFC 3261 §20.17).</summary>
    Date,

    /// <summary><c>Retry-After</c> (RFC 3261 §20.33).</summary>
    RetryAfter,

    /// <summary><c>Warning</c> (RFC 3261 §20.43).</summary>
    Warning,

    /// <summary><c>Timestamp</c> (RFC 3261 §20.38).</summary>
    Timestamp,

    /// <summary><c>Organization</c> (RFC 3261 §20.25).</summary>
    Organization,

    /// <summary><c>MIME-Version</c> (RFC 3261 §20.24).</summary>
    MimeVersion,

    /// <summary><c>Alert-Info</c> (RFC 3261 §20.4).</summary>
    AlertInfo,

    /// <summary><c>Call-Info</c> (RFC 3261 §20.9).</summary>
    CallInfo,

    /// <summary><c>Error-Info</c> (RFC 3261 §20.18).</summary>
    ErrorInfo,

    /// <summary><c>In-Reply-To</c> (RFC 3261 §20.21).</summary>
    InReplyTo,

    /// <summary><c>Priority</c> (RFC 3261 §20.26).</summary>
    Priority,

    /// <summary><c>Reply-To</c> (RFC 3261 §20.31).</summary>
    ReplyTo,

    /// <summary><c>Reason</c> (RFC 3326).</summary>
    Reason,

    /// <summary><c>Session-Expires</c>, compact <c>x</c> (RFC 4028).</summary>
    SessionExpires,

    /// <summary><c>Min-SE</c> (RFC 4028).</summary>
    MinSe,

    /// <summary><c>RSeq</c> (RFC 3262).</summary>
    RSeq,

    /// <summary><c>RAck</c> (RFC 3262).</summary>
    RAck,

    /// <summary><c>Refer-To</c>, compact <c>r</c> (RFC 3515).</summary>
    ReferTo,

    /// <summary><c>Referred-By</c>, compact <c>b</c> (RFC 3892).</summary>
    ReferredBy,

    /// <summary><c>Replaces</c> (RFC 3891).</summary>
    Replaces,

    /// <summary><c>Event</c>, compact <c>o</c> (RFC 6665).</summary>
    Event,

    /// <summary><c>Allow-Events</c>, compact <c>u</c> (RFC 6665).</summary>
    AllowEvents,

    /// <summary><c>Subscription-State</c> (RFC 6665).</summary>
    SubscriptionState,

    /// <summary><c>P-Asserted-Identity</c> (RFC 3325).</summary>
    PAssertedIdentity,

    /// <summary><c>P-Preferred-Identity</c> (RFC 3325).</summary>
    PPreferredIdentity,

    /// <summary><c>Privacy</c> (RFC 3323).</summary>
    Privacy,

    /// <summary><c>Remote-Party-ID</c> (draft-ietf-sip-privacy).</summary>
    RemotePartyId,

    /// <summary><c>Diversion</c> (RFC 5806).</summary>
    Diversion,

    /// <summary><c>History-Info</c> (RFC 7044).</summary>
    HistoryInfo,

    /// <summary><c>Path</c> (RFC 3327).</summary>
    Path,

    /// <summary><c>Service-Route</c> (RFC 3608).</summary>
    ServiceRoute,

    /// <summary><c>Info-Package</c> (RFC 6086).</summary>
    InfoPackage,

    /// <summary><c>Recv-Info</c> (RFC 6086).</summary>
    RecvInfo,

    /// <summary><c>Identity</c>, compact <c>y</c> (RFC 8224).</summary>
    Identity,

    /// <summary><c>Target-Dialog</c> (RFC 4538 §7).</summary>
    TargetDialog,

    /// <summary><c>Refer-Sub</c> (RFC 4488 §4).</summary>
    ReferSub,
}
