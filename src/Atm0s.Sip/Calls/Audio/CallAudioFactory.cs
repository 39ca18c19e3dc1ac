using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Calls.Audio.Security;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Makes the audio of calls: opens RTP ports and speaks SDP for them.</summary>
internal sealed class CallAudioFactory : IDisposable
{
    private readonly MediaOptions _options;
    private readonly IReadOnlyList<ISipTransport> _listeners;
    private readonly SipClock _clock;
    private readonly NetworkSet _localNetworks;
    private readonly UdpMediaNetwork? _network;     // when it is ours
    private AudioWish? _usualWish;

    private CallAudioFactory(
        SipServerOptions options,
        MediaCodecs codecs,
        MediaEngine engine,
        UdpMediaNetwork? network,
        IReadOnlyList<ISipTransport> listeners,
        SipClock clock,
        IDtlsProvider? dtls)
    {
        Security = new AudioSecurity(options.Media, dtls);
        _network = network;
        _options = options.Media;
        _localNetworks = new NetworkSet(options.LocalNetworks);
        _listeners = listeners;
        _clock = clock;
        Codecs = codecs;
        Engine = engine;
        JitterBuffer = new JitterBufferOptions { MinimumDelay = _options.JitterBufferMinimum, MaximumDelay = _options.JitterBufferMaximum };
        Addresses = new AudioAddressRules(listeners, new LocalNetworks(clock.TimeProvider));
    }

    public MediaCodecs Codecs { get; }

    public MediaEngine Engine { get; }

    /// <summary>Whether and how audio is encrypted.</summary>
    public AudioSecurity Security { get; }

    /// <summary>Bounds of the jitter buffers.</summary>
    public JitterBufferOptions JitterBuffer { get; }

    /// <summary>Whether digits go as tones to who takes no events.</summary>
    public bool SendsTones => _options.SendInbandDtmf;

    /// <summary>What the options say of each leg, whatever was agreed.</summary>
    public RtpLegParameters Complete(RtpLegParameters agreed) => agreed with
    {
        JitterBuffer = JitterBuffer,
        SendComfortNoise = _options.ComfortNoise,
        DetectInbandDtmf = _options.DetectInbandDtmf,
        SendInbandDtmf = _options.SendInbandDtmf,
        PassThrough = _options.PassThrough,
        SendVoipMetrics = _options.SendVoipMetrics,
    };

    /// <summary>Where audio must not go.</summary>
    public AudioAddressRules Addresses { get; }

    public string AddressReason => _options.AdvertisedAddress is null ? "our address towards the phone" : "Media.AdvertisedAddress";

    public static CallAudioFactory Create(
        SipServerOptions options, SipServerEnvironment environment, IReadOnlyList<ISipTransport> listeners, SipClock clock, ILogger logger)
    {
        var codecs = MediaCodecs.Choose(options.Media, environment.OpusProviders, logger);
        var network = environment.MediaNetwork is null ? new UdpMediaNetwork() : null;
        var engine = new MediaEngine(
            new MediaEngineOptions
            {
                FirstPort = options.Media.FirstPort,
                LastPort = options.Media.LastPort,
                Threads = options.Media.Threads,
                LegTimeout = options.Media.Timeout.OrZero(),
                Dscp = options.Media.Dscp,
                MaxSpeakers = options.Media.MaxSpeakers == 0 ? MixRoom.AllSpeakers : options.Media.MaxSpeakers,
                MeterFactory = environment.MeterFactory,
            },
            environment.MediaNetwork ?? network!,
            environment.MediaClock ?? new RealMediaClock { UsesIoUring = options.Media.IoUring },
            environment.TimeProvider,
            new Random(environment.Ids.Next(int.MaxValue)),
            logger);
        return new CallAudioFactory(options, codecs, engine, network, listeners, clock, environment.Dtls);
    }

    public void Start() => Engine.Start();

    public void Dispose()
    {
        Engine.Dispose();
        _network?.Dispose();
    }

    /// <summary>Opens audio for an outgoing call.</summary>
    public CallRefusal? TryOffer(
        SipFlow flow,
        IReadOnlyList<string>? codecs,
        CallSecurity security,
        IRtpLegObserver observer,
        out CallAudio? audio,
        out byte[]? offer)
    {
        offer = null;
        audio = null;
        if (security.CanNotOffer)
            return CallRefusal.NoWayForKeys;
        if (WishOf(codecs, security) is not { } wish)
            return NoCodec;
        var (peer, sessionId) = (new AudioPeer(this, flow), NewSessionId());
        var made = Open(
            peer, PlaceFor(flow, security.Wish.OffersToBrowser), new SdpNegotiation(wish, sessionId, peer.Check), security, sessionId, observer);
        if (made is null)
            return NoLeg;
        audio = made;
        offer = made.CreateOffer();
        return null;
    }

    /// <summary>Whether an offer could be answered: so that nobody is troubled about one that can't (RFC 3261 §13.3.1.3).</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="policy">Whether its audio is encrypted.</param>
    /// <param name="judged">What <see cref="TryAnswer"/> goes on with.</param>
    public CallRefusal? Judge(SessionDescription offer, SipFlow flow, MediaEncryption policy, out JudgedOffer? judged)
    {
        var (peer, sessionId) = (new AudioPeer(this, flow), NewSessionId());
        var security = Security.For(policy, null, flow);
        var negotiation = new SdpNegotiation(WishOf(null, security)!, sessionId, peer.Check);
        var failure = negotiation.TakeOffer(offer);
        judged = failure == NegotiationFailure.None ? new JudgedOffer(offer, negotiation, security, peer, sessionId) : null;
        return judged is null ? Describe(failure, offer) : null;
    }

    /// <summary>
    /// Opens audio for an incoming call and answers its offer, or offers when it has none (RFC 3261 §13.3.1.4). A refused offer takes no
    /// port.
    /// </summary>
    public CallRefusal? TryAnswer(
        SessionDescription? offer,
        JudgedOffer? judged,
        SipFlow flow,
        bool behindProxy,
        IReadOnlyList<string>? codecs,
        MediaEncryption policy,
        IRtpLegObserver observer,
        out CallAudio? audio,
        out byte[]? answer)
    {
        answer = null;
        audio = null;
        var security = Security.For(policy, null, flow);
        if (offer is null && security.CanNotOffer)
            return CallRefusal.NoWayForKeys;
        if (WishOf(codecs, security) is not { } wish)
            return NoCodec;
        var (peer, sessionId) = (new AudioPeer(this, flow), NewSessionId());
        var negotiation = new SdpNegotiation(wish, sessionId, peer.Check);
        // The address is looked at again: it may have become one of ours while the host was asked.
        if (codecs is null && judged is not null && ReferenceEquals(judged.Offer, offer) && judged.Security.Policy == policy
            && (judged.Negotiation.Taken?.Remote is not { } place || judged.Peer.Check(place) == NegotiationFailure.None))
            (_, negotiation, security, peer, sessionId) = judged;
        else if (offer is not null && negotiation.TakeOffer(offer) is var failure and not NegotiationFailure.None)
            return Describe(failure, offer);
        peer.IsBehindProxy = behindProxy;
        if (negotiation.Taken?.RemoteName is not null)
            return CallRefusal.UnknownHost;
        // The audio may come over the other IP version than the signalling (RFC 6157 §4): the port is opened where the offer wants it.
        var local = negotiation.Taken?.Remote is { } remote ? LocalAddress(flow, remote) : null;
        var hasIce = negotiation.Taken?.Security?.Ice is not null || (offer is null && security.Wish.OffersToBrowser);
        audio = Open(peer, local ?? PlaceFor(flow, hasIce), negotiation, security, sessionId, observer);
        if (audio is null)
            return NoLeg;
        answer = offer is null ? audio.CreateOffer() : audio.Answer();
        return null;
    }

    /// <summary>
    /// Our address towards an address: that of the signalling when the family fits, else that of another listener; null when we have none.
    /// </summary>
    public IPAddress? LocalAddress(SipFlow flow, IPEndPoint remote)
    {
        if (flow.LocalEndPoint.AddressFamily == remote.AddressFamily)
            return flow.LocalEndPoint.Address;
        foreach (var listener in _listeners)
        {
            // A TCP listener would connect.
            var local = listener.Protocol == SipTransportProtocol.Udp
                ? listener.TryGetFlow(remote)?.LocalEndPoint.Address
                : listener.LocalEndPoint.Address;
            if (local?.AddressFamily == remote.AddressFamily && !local.Equals(IPAddress.Any) && !local.Equals(IPAddress.IPv6Any))
                return local;
        }

        return null;
    }

    private IPAddress PlaceFor(SipFlow flow, bool hasIce) => AudioPlace.For(flow.LocalEndPoint.Address, flow.Protocol, hasIce, _listeners);

    /// <summary>What others know us by, wherever a peer is; null for nothing else than our own addresses.</summary>
    public IPAddress? AdvertisedAddress => _options.AdvertisedAddress;

    /// <summary>Our address as a description names it.</summary>
    /// <param name="local">Where the audio is.</param>
    /// <param name="peer">Where the phone is.</param>
    public IPAddress AdvertisedFor(IPAddress local, IPAddress peer) =>
        _options.AdvertisedAddress is { } advertised && advertised.AddressFamily == local.AddressFamily && !_localNetworks.Contains(peer)
            ? advertised
            : local;

    // Who reads the Warning is to see what to change.
    private CallRefusal Describe(NegotiationFailure failure, SessionDescription offer)
    {
        var why = CallRefusal.From(failure);
        if (failure != NegotiationFailure.NoCommonCodec)
            return why;
        var offered = offer.Media.Where(m => m.IsAudio).SelectMany(m => m.Formats).Select(f => f.Name).Where(IsPlain).Distinct().Take(8);
        return why with
        {
            Reason =
                $"{why.Reason}: offered {string.Join(' ', offered)}; here {string.Join(' ', NewWish(null)!.Formats.Select(f => f.Name))}",
        };
    }

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= 20 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private CallRefusal NoLeg => Engine.IsFull ? NoTime : NoPorts;

    private static CallRefusal NoTime { get; } = new(503, "the media threads have no time for another call");

    private static CallRefusal NoPorts { get; } = new(503, "no free RTP port: widen Media.FirstPort..LastPort");

    private static CallRefusal NoCodec { get; } = new(488, "none of the codecs that the host allows is known here");

    private AudioWish? WishOf(IReadOnlyList<string>? codecs, CallSecurity security) =>
        (codecs is null ? _usualWish ??= NewWish(null) : NewWish(codecs)) is { } wish ? wish with { Security = security.Wish } : null;

    private AudioWish? NewWish(IReadOnlyList<string>? codecs) => Codecs.Named(codecs) is { Count: > 0 } formats
        ? new AudioWish
        {
            Formats = formats,
            PacketTimeOf = Codecs.PacketTimeOf,
            OfferComfortNoise = _options.ComfortNoise,
            UsesAudioLevels = _options.AudioLevels,
        }
        : null;

    // RFC 8866 §5.2: a number that is unlikely to repeat.
    private long NewSessionId() => _clock.UtcNow.ToUnixTimeMilliseconds();

    private CallAudio? Open(
        AudioPeer peer, IPAddress local, SdpNegotiation negotiation, CallSecurity security, long sessionId, IRtpLegObserver observer)
    {
        if (Engine.TryOpenLeg(local, observer) is not { } leg)
            return null;
        peer.Family = local.AddressFamily;
        Addresses.Add(leg.LocalEndPoint);
        leg.SetAutomaticGain(_options.AutomaticGain);
        // RFC 7022 §4.2: short-lived, and tells nothing of the host.
        return new CallAudio(this, leg, negotiation, new LegSecurity(security.Identity), peer, $"{sessionId:x}-{leg.LocalEndPoint.Port:x}");
    }
}
