using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>A connection to another SIP server: a carrier or a PBX, which calls us and is called by us.</summary>
public sealed record TrunkOptions
{
    /// <summary>Our name of it, unique in this server: 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Where it is, for example <c>sip:pbx.example.com:5060;transport=tcp</c>; over TLS <c>sip:pbx.example.com;transport=tls</c>, or
    /// <c>sips:pbx.example.com</c> where each hop behind it has to be secure as well. Its calls then stay on TLS whatever is said in them.
    /// </summary>
    public required string Server { get; init; }

    /// <summary>Its certificate and ours, where they are not as <see cref="SipServerOptions.Tls"/> says; null by default.</summary>
    public TlsClientOptions? Tls { get; init; }

    /// <summary>Answers its challenges, to our REGISTER and to our calls; null when it knows us by our address.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>Whether we register with it, so that its calls find us. Default false: it knows our address.</summary>
    public bool Register { get; init; }

    /// <summary>
    /// Our account there (user part of From, To and Contact in REGISTER); null takes the user name of <see cref="Credentials"/>. Needed to
    /// register.
    /// </summary>
    public string? User { get; init; }

    /// <summary>Host part of our addresses there, and of numbers we call; null takes the host of <see cref="Server"/>.</summary>
    public string? Domain { get; init; }

    /// <summary>How long a registration is asked for; refreshed at 80 % of what was granted. 30 s to 1 day, default 1 hour.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Addresses and CIDR blocks its calls come from; null takes the address of <see cref="Server"/>.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>
    /// Calls at one time that come over it, at least 1; null, the default, for no limit but that of the server. A new one beyond is
    /// answered 503 with Retry-After, so that a carrier takes another way.
    /// </summary>
    public int? MaxCalls { get; init; }

    /// <summary>
    /// Whether the audio of its calls is encrypted. Null (default) takes the rule of the server (<c>Media.Encryption</c>). A call may have a
    /// stricter one (<see cref="ParticipantOptions.Encryption"/>).
    /// </summary>
    public MediaEncryption? Encryption { get; init; }

    /// <summary>
    /// Where the keys of the calls that go over it come from. Null (default) takes <c>Media.KeyExchange</c>.
    /// </summary>
    public MediaKeyExchange? KeyExchange { get; init; }

    /// <summary>Whether its calls need no password because of where they come from. Default true; when false they are challenged like
    /// anybody's, and its user,
    /// which is the trunk's <see cref="Name"/> or <see cref="User"/>, must be known to <c>IAuthProvider</c>; it may then call in anybody's
    /// name.</summary>
    public bool TrustNetworks { get; init; } = true;

    /// <summary>
    /// Whether what comes over TLS is its only when the connection has shown a certificate with the name of its server (<c>ServerName</c> of
    /// <see cref="Tls"/>, else the host of <see cref="Server"/>), in whole. The listener has to want certificates
    /// (<see cref="SipTlsOptions.ClientCertificates"/>). Default false: over TLS its addresses are enough. Nothing where it is not reached
    /// over TLS.
    /// </summary>
    public bool RequireCertificate { get; init; }

    /// <summary>
    /// What keeps a NAT between us and the server open, when we register over UDP. Default nothing: servers seldom stand behind one. Over
    /// TCP we send pings every 96 to 120 s, or as the server says (Flow-Timer), and register anew when one that the server used to answer
    /// is not answered in 10 s (RFC 5626 §4.4.1).
    /// </summary>
    public UdpKeepAlive UdpKeepAlive { get; init; }

    /// <summary>
    /// Whether the fields <c>traceparent</c> and <c>tracestate</c> (W3C Trace Context) of its calls are believed, so that their traces go on
    /// here: for servers of one's own. Default false: a trace begins with the call.
    /// </summary>
    public bool AcceptTraceParent { get; init; }
}
