using System.Net;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip;

/// <summary>Settings of a <see cref="SipPhone"/>.</summary>
public sealed class SipPhoneOptions
{
    /// <summary>
    /// The server to register with and to call through, for example <c>sip:192.0.2.10:5060</c> or <c>sip:192.0.2.10;transport=tcp</c>. A
    /// literal address.
    /// </summary>
    public required string Server { get; init; }

    /// <summary>
    /// TLS, for a <see cref="Server"/> with <c>;transport=tls</c>: its certificate must have the name <see cref="Domain"/>, or else its
    /// address. Null by default: then such a server is refused.
    /// </summary>
    public SipTlsOptions? Tls { get; init; }

    /// <summary>User name.</summary>
    public required string Username { get; init; }

    /// <summary>Password.</summary>
    public required string Password { get; init; }

    /// <summary>What the phone says and hears.</summary>
    public required IPcmEndpoint Audio { get; init; }

    /// <summary>Host part of our address of record; null takes the server's host.</summary>
    public string? Domain { get; init; }

    /// <summary>Codecs, best first. Default opus, G722, PCMA, PCMU.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = ["opus", "G722", "PCMA", "PCMU"];

    /// <summary>Codecs of the host's own, which <see cref="Codecs"/> may name.</summary>
    internal IReadOnlyList<IAudioCodec> AddedCodecs { get; init; } = [];

    /// <summary>Time asked for at registration, 1 s to 7 days. Default 10 minutes; refreshed when four fifths have passed.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What keeps a NAT between the phone and the server open, when it registers over UDP. Default nothing. Over TCP it sends pings every
    /// 96 to 120 s, or as the server says (Flow-Timer), and registers anew when one that the server used to answer is not answered in 10 s
    /// (RFC 5626 §4.4.1).
    /// </summary>
    public UdpKeepAlive UdpKeepAlive { get; init; }

    /// <summary>Address to listen at. Default 127.0.0.1 and a port the system chooses.</summary>
    public IPEndPoint Local { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>First UDP port for RTP. Default 30000.</summary>
    public int FirstMediaPort { get; init; } = 30_000;

    /// <summary>Last UDP port for RTP. Default 30999.</summary>
    public int LastMediaPort { get; init; } = 30_999;

    /// <summary>What to do with an incoming call; runs while the phone rings. Default: answer at once.</summary>
    public Func<IncomingCall, CancellationToken, ValueTask<PhoneAnswer>> OnIncomingCall { get; init; } =
        static (_, _) => ValueTask.FromResult(PhoneAnswer.Accept);
}
