using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// Offer and answer over the life of one audio session (RFC 3264): what holds, which payload type means what, the version of what we say.
/// The requests and responses that carry descriptions (INVITE, 200, ACK...) only carry; the order of things is here. Idle -> OfferSent ->
/// Idle, Idle -> OfferTaken -> Idle; a roll-back leads from both to Idle and changes nothing that was agreed. Not thread-safe: one shard
/// owns it.
/// </summary>
public sealed class SdpNegotiation
{
    private AudioWish _wish;
    private readonly long _sessionId;
    private readonly Func<IPEndPoint, NegotiationFailure> _check;
    private PayloadTypes _types = new();
    private IReadOnlyList<MediaDescription> _streams = [];      // of our last description
    private IReadOnlyList<MediaDescription> _before = [];       // of the one before our open offer
    private bool _isBundled;
    private AcceptedOffer? _taken;
    private byte[] _bytes = [];
    private string _timing = "0 0";
    private long _version;

    /// <summary>Makes a negotiation; nothing is agreed.</summary>
    /// <param name="wish">What we want.</param>
    /// <param name="sessionId">Number of the session in o= (RFC 8866 §5.2: one that is unlikely to repeat).</param>
    /// <param name="check">Whether audio may go to an address; null allows all that no rule of SDP forbids.</param>
    public SdpNegotiation(AudioWish wish, long sessionId, Func<IPEndPoint, NegotiationFailure>? check = null)
    {
        ArgumentNullException.ThrowIfNull(wish);
        _wish = wish;
        _sessionId = sessionId;
        _check = check ?? (static _ => NegotiationFailure.None);
    }

    /// <summary>Direction that the next offer or answer asks for. Default that of the wish.</summary>
    public SdpDirection Direction
    {
        get => _wish.Direction;
        set => _wish = _wish with { Direction = value };
    }

    /// <summary>Where we can be reached, with one port for RTP and RTCP or two, for descriptions with ICE (RFC 8839 §5.1).</summary>
    internal Func<bool, IReadOnlyList<SdpCandidate>>? Candidates { get; set; }

    /// <summary>
    /// The source of our RTP and its name, for the same descriptions (RFC 5576 §4.1, §6.1): a browser knows the stream by it before the
    /// first packet.
    /// </summary>
    internal Func<SdpAttribute>? Source { get; set; }

    /// <summary>Where it stands.</summary>
    public NegotiationState State { get; private set; }

    /// <summary>What holds, or null before the first agreement.</summary>
    public NegotiatedAudio? Current { get; private set; }

    /// <summary>What will hold once the taken offer is answered; null when none waits.</summary>
    public NegotiatedAudio? Taken => _taken?.Audio;

    /// <summary>
    /// Takes an offer, to be answered with <see cref="Answer"/> or dropped with <see cref="RollBack"/>. On failure nothing changes.
    /// </summary>
    /// <param name="offer">The offer.</param>
    /// <returns>Why it can't be answered, or <see cref="NegotiationFailure.None"/>.</returns>
    public NegotiationFailure TakeOffer(SessionDescription offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        if (State != NegotiationState.Idle)
            return NegotiationFailure.OfferPending;
        var failure = OfferAnswer.Accept(offer, _wish, Current, _check, out _taken);
        if (failure == NegotiationFailure.None)
            State = NegotiationState.OfferTaken;
        return failure;
    }

    /// <summary>Answers the taken offer; what it agrees on holds from now on.</summary>
    /// <param name="address">Address that is written into c= and o=.</param>
    /// <param name="port">RTP port.</param>
    /// <exception cref="InvalidOperationException">No offer waits.</exception>
    public byte[] Answer(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (_taken is not { } taken)
            throw new InvalidOperationException("No offer waits for an answer.");
        AddTheirs(taken.Offer);
        _types.AddOurs(taken.Formats);
        // RFC 3264 §6: the t-line of the answer is that of the offer.
        _timing = taken.Offer.Timing;
        var streams = new MediaDescription[taken.Offer.Media.Count];
        for (var i = 0; i < streams.Length; i++)
        {
            var offered = taken.Offer.Media[i];
            streams[i] = ReferenceEquals(offered, taken.Media) ? DescribeAnswer(taken, offered, port) : Refuse(offered);
        }

        Agree(taken.Audio, streams);
        _isBundled = taken.Audio.IsBundled;
        // RFC 6157 §4.1: the answer has the address type of the offer, also where an IPv4 address hides in an IPv6 one.
        var isIPv6 = taken.Media is { } media && taken.Offer.AddressTypeOf(media) == "IP6";
        Write(isIPv6 ? address.MapToIPv6() : address);
        return _bytes;
    }

    /// <summary>
    /// Makes an offer: every codec of ours, telephone-event for each clock rate among them and for 8000 Hz, which every phone has.
    /// </summary>
    /// <param name="address">Address that is written into c= and o=.</param>
    /// <param name="port">RTP port.</param>
    /// <exception cref="InvalidOperationException">Another offer is open.</exception>
    public byte[] Offer(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (State != NegotiationState.Idle)
            throw new InvalidOperationException("Another offer is open.");
        var formats = OfferAnswer.Offer(_wish, Current, _types);
        _types.AddOurs(formats);
        _before = _streams;
        _streams = Place(DescribeOffer(formats, port));
        _isBundled = Current?.IsBundled ?? _wish.Security is { OffersToBrowser: true };
        State = NegotiationState.OfferSent;
        Write(address);
        return _bytes;
    }

    /// <summary>Takes the answer to our offer; what it agrees on holds from now on. On failure our offer stays open.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>Why it can't be used, or <see cref="NegotiationFailure.None"/>.</returns>
    /// <exception cref="InvalidOperationException">We have not offered anything.</exception>
    public NegotiationFailure TakeAnswer(SessionDescription answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (State != NegotiationState.OfferSent)
            throw new InvalidOperationException("No offer of ours is open.");
        var failure = OfferAnswer.Match(_streams, answer, _wish, Current, _check, out var audio);
        if (failure != NegotiationFailure.None)
            return failure;
        AddTheirs(answer);
        Agree(audio!, [.. _streams.Select((m, i) => answer.Media[i].Port == 0 ? Refuse(m) : m)]);
        return NegotiationFailure.None;
    }

    /// <summary>Drops the open offer, whoever made it: what was agreed before holds on (RFC 3264 §4, RFC 3261 §14.1).</summary>
    public void RollBack()
    {
        if (State == NegotiationState.OfferSent)
            _streams = _before;
        _taken = null;
        State = NegotiationState.Idle;
    }

    /// <summary>
    /// A negotiation that stands where this one does and goes its own way: an INVITE that rings several phones is answered by each of them
    /// (RFC 3264 §4, RFC 3261 §13.1).
    /// </summary>
    public SdpNegotiation Fork()
    {
        var fork = (SdpNegotiation)MemberwiseClone();
        fork._types = _types.Copy();
        return fork;
    }

    /// <summary>Says where the host of <see cref="NegotiatedAudio.RemoteName"/> is.</summary>
    /// <param name="name">The name that was looked up; when another one holds by now nothing happens.</param>
    /// <param name="address">Its address, which the caller has checked.</param>
    /// <returns>Whether something changed.</returns>
    public bool Locate(DnsEndPoint name, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(address);
        if (Current is not { Remote: null } current || !name.Equals(current.RemoteName))
            return false;
        Current = current with { Remote = new IPEndPoint(MediaAddresses.Plain(address), name.Port) };
        return true;
    }

    private void AddTheirs(SessionDescription description)
    {
        for (var i = 0; i < description.Media.Count; i++)
        {
            if (description.Media[i].IsAudio)
                _types.AddTheirs(description.Media[i].Formats);
        }
    }

    private MediaDescription DescribeAnswer(AcceptedOffer taken, MediaDescription media, int port) => new()
    {
        Type = media.Type,
        Port = port,
        Protocol = media.Protocol,
        FormatTokens = TokensOf(taken.Formats),
        Formats = taken.Formats,
        PacketTime = taken.Audio.PacketTime,
        RtcpMux = taken.Audio.RtcpMux,
        Direction = taken.Audio.Direction,
        Attributes = AudioLevelRules.Add(
            WithSource(SecurityDraft.Answer(taken.Audio, media.Protocol, _wish.Security, Candidates).Attributes),
            taken.Audio.AudioLevel,
            taken.Audio.Direction),
    };

    // RFC 3264 §6: a refused stream keeps its place, its profile and a format.
    private static MediaDescription Refuse(MediaDescription media) => new()
    {
        Type = media.Type,
        Port = 0,
        Protocol = media.Protocol,
        FormatTokens = [media.FormatTokens.Count > 0 ? media.FormatTokens[0] : "0"],
        // RFC 8829 §5.3.1: a browser knows it by its name.
        Attributes = MediaBundle.MidOf(media) is { } mid ? [new SdpAttribute("mid", mid)] : [],
    };

    private static string[] TokensOf(IReadOnlyList<SdpFormat> formats)
    {
        var tokens = new string[formats.Count];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = formats[i].PayloadType.ToString(CultureInfo.InvariantCulture);
        return tokens;
    }

    private IReadOnlyList<SdpAttribute> WithSource(IReadOnlyList<SdpAttribute> attributes) =>
        Source is { } source && attributes.Has("ice-ufrag") ? [.. attributes, source()] : attributes;

    private MediaDescription DescribeOffer(IReadOnlyList<SdpFormat> formats, int port)
    {
        // RFC 5761 §5.1.1: only browsers are asked for it, for each of our legs has both ports; but what is in use is not given up.
        var isMuxed = Current?.RtcpMux ?? _wish.Security is { OffersToBrowser: true };
        var security = SecurityDraft.Offer(_wish.Security, Current, isMuxed, Candidates);
        return new MediaDescription
        {
            Type = "audio",
            Port = port,
            Protocol = security.Protocol,
            FormatTokens = TokensOf(formats),
            Formats = formats,
            PacketTime = Current?.PacketTime ?? _wish.PacketTime,
            RtcpMux = isMuxed,
            Direction = _wish.Direction,
            Attributes = AudioLevelRules.Add(WithSource(security.Attributes), AudioLevelRules.Offer(_wish, Current), _wish.Direction),
        };
    }

    // RFC 3264 §8: a stream that once was there keeps its line, and its profile.
    private MediaDescription[] Place(MediaDescription audio)
    {
        var at = FirstIndex(static m => m.IsAudio && m.Port != 0);
        if (at < 0)
            at = FirstIndex(static m => m.IsAudio);
        return at < 0
            ? [.. _streams.Select(Refuse), audio]
            : [.. _streams.Select((m, i) => i == at ? audio with { Protocol = m.Protocol } : Refuse(m))];
    }

    private int FirstIndex(Func<MediaDescription, bool> wanted)
    {
        for (var i = 0; i < _streams.Count; i++)
        {
            if (wanted(_streams[i]))
                return i;
        }

        return -1;
    }

    private void Agree(NegotiatedAudio audio, IReadOnlyList<MediaDescription> streams)
    {
        Current = OfferAnswer.WithEarlierFormats(audio, Current);
        _streams = streams;
        _taken = null;
        State = NegotiationState.Idle;
    }

    // RFC 3264 §8: the version goes up when what we say differs from what we said last, and only then.
    private void Write(IPAddress address)
    {
        // The first is new in any case.
        if (_bytes.Length > 0 && SdpWriter.ToBytes(Describe(address)).AsSpan().SequenceEqual(_bytes))
            return;
        _version++;
        _bytes = SdpWriter.ToBytes(Describe(address));
    }

    private SessionDescription Describe(IPAddress address) => Describe(address, address.ToString());

    private SessionDescription Describe(IPAddress address, string text) => new()
    {
        Origin = new SdpOrigin(
            "-",
            _sessionId.ToString(CultureInfo.InvariantCulture),
            _version.ToString(CultureInfo.InvariantCulture),
            address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4",
            text),
        Timing = _timing,
        Connection = text,
        Attributes = SecurityDraft.SessionOf(_streams.FirstOrDefault(static m => m.IsAudio && m.Port != 0), _isBundled),
        Media = _streams,
    };
}
