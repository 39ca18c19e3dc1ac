using System.Net;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// The rules of offer and answer for one audio stream (RFC 3264 §5, §6, §7), as pure functions; <see cref="SdpNegotiation"/> is their
/// state.
/// </summary>
internal static class OfferAnswer
{
    /// <summary>fmtp of telephone-event: the keys, and flash (RFC 4733 §2.5.1.1, §3.2).</summary>
    public const string EventParameters = "0-16";

    private const int NarrowbandRate = 8000;
    private const int NarrowbandEvents = 101;       // where everybody expects the events of G.711
    private const int StaticNoise = 13;

    /// <summary>
    /// The formats of an offer: the codec in use first, then as we like them; events for each clock rate and for 8000 Hz; comfort noise
    /// when it is wanted or in use.
    /// </summary>
    /// <param name="wish">What we want.</param>
    /// <param name="current">What holds until now, or null.</param>
    /// <param name="types">What the payload types of the session mean.</param>
    public static List<SdpFormat> Offer(AudioWish wish, NegotiatedAudio? current, PayloadTypes types)
    {
        var offered = new List<SdpFormat>();
        var ordered = wish.Formats.OrderBy(f => f == current?.Send.Format ? 0 : 1).ToArray();
        foreach (var format in ordered)
            AddOffered(new SdpFormat(format.StaticPayloadType, format.Name, format.ClockRate, format.Channels, format.Parameters));
        if ((wish.OfferComfortNoise || current?.ComfortNoise is not null) && wish.Formats.Any(f => f.ClockRate == NarrowbandRate))
            AddOffered(new SdpFormat(StaticNoise, "CN", NarrowbandRate, 1, null));
        foreach (var rate in ordered.Select(f => f.ClockRate).Append(NarrowbandRate).Distinct())
            AddOffered(new SdpFormat(rate == NarrowbandRate ? NarrowbandEvents : -1, "telephone-event", rate, 1, EventParameters));
        return offered;

        void AddOffered(SdpFormat format)
        {
            // -1: none of 96 to 127 and 35 to 63 is free of another meaning, which takes a peer that means to use them up.
            if (types.NumberOf(format, [.. offered.Select(f => f.PayloadType)]) is >= 0 and var number)
                offered.Add(format with { PayloadType = number });
        }
    }

    /// <summary>
    /// Adds what earlier agreements of the session let the peer send: packets of it may be on their way (RFC 3264 §8.3.2). What a number
    /// means now counts.
    /// </summary>
    /// <param name="audio">What holds now.</param>
    /// <param name="earlier">What held before, or null.</param>
    public static NegotiatedAudio WithEarlierFormats(NegotiatedAudio audio, NegotiatedAudio? earlier)
    {
        if (earlier is null)
            return audio;
        var used = audio.Receive.Select(f => f.PayloadType).Concat(audio.ReceiveEvents.Select(e => e.PayloadType)).ToHashSet();
        if (audio.ComfortNoise is { } noise)
            used.Add(noise);
        return audio with
        {
            Receive = [.. audio.Receive, .. earlier.Receive.Where(f => !used.Contains(f.PayloadType))],
            ReceiveEvents = [.. audio.ReceiveEvents, .. earlier.ReceiveEvents.Where(e => !used.Contains(e.PayloadType))],
        };
    }

    /// <summary>
    /// Reads an offer. The answer has one codec, so that nobody must be ready for a change with every packet (RFC 3264 §6.1 lets the
    /// answerer choose), with the events and the comfort noise that go with it.
    /// </summary>
    /// <param name="offer">The offer.</param>
    /// <param name="wish">What we want.</param>
    /// <param name="current">What holds until now, or null.</param>
    /// <param name="check">Whether audio may go to an address.</param>
    /// <param name="accepted">What comes of it.</param>
    public static NegotiationFailure Accept(
        SessionDescription offer,
        AudioWish wish,
        NegotiatedAudio? current,
        Func<IPEndPoint, NegotiationFailure> check,
        out AcceptedOffer? accepted)
    {
        accepted = null;
        AcceptedOffer? plain = null;
        var failure = NegotiationFailure.NoAudio;
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var media = offer.Media[i];
            if (!media.IsAudio || media.Port == 0)
                continue;
            failure = SecurityRules.Judge(offer, media, wish.Security, current?.Security, out var security);
            if (failure == NegotiationFailure.None)
                failure = CheckAddress(offer, media, security, check);
            if (failure != NegotiationFailure.None)
                continue;
            if (Prefer(media, wish, current) is not var (ours, theirs))
            {
                failure = NegotiationFailure.NoCommonCodec;
                continue;
            }

            // Some phones offer the same twice, over RTP/SAVP and over RTP/AVP: the secure one is taken wherever it stands.
            if (security is not null)
            {
                accepted = Accept(offer, media, ours, theirs, wish, security);
                return NegotiationFailure.None;
            }

            plain ??= Accept(offer, media, ours, theirs, wish, null);
        }

        if (plain is not null)
        {
            accepted = plain;
            return NegotiationFailure.None;
        }

        if (failure != NegotiationFailure.NoAudio || current is null || !EndsAudio(offer))
            return failure;
        // RFC 3264 §8.2: the stream ends, the session does not.
        accepted = new AcceptedOffer(offer, null, [], current with { Direction = SdpDirection.Inactive, IsOff = true });
        return NegotiationFailure.None;
    }

    /// <summary>
    /// Reads the answer to an offer of ours. We send with the answer's payload types and receive with the offer's (RFC 3264 §7).
    /// </summary>
    /// <param name="offer">The streams of our offer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="wish">What we want.</param>
    /// <param name="current">What holds until now, or null.</param>
    /// <param name="check">Whether audio may go to an address.</param>
    /// <param name="audio">What holds from now on.</param>
    public static NegotiationFailure Match(
        IReadOnlyList<MediaDescription> offer,
        SessionDescription answer,
        AudioWish wish,
        NegotiatedAudio? current,
        Func<IPEndPoint, NegotiationFailure> check,
        out NegotiatedAudio? audio)
    {
        audio = null;
        // RFC 3264 §6: an answer has the streams of the offer, in its order and over its transports.
        if (answer.Media.Count != offer.Count || answer.Media.Where((m, i) => m.Type != offer[i].Type).Any())
            return NegotiationFailure.BadAnswer;
        var index = offer.TakeWhile(m => !m.IsAudio || m.Port == 0).Count();
        var (asked, media) = (offer[index], answer.Media[index]);
        if (media.Port == 0)
        {
            audio = current is null ? null : current with { Direction = SdpDirection.Inactive, IsOff = true };
            return current is null ? NegotiationFailure.NoAudio : NegotiationFailure.None;
        }

        var failure = SecurityRules.Match(asked, answer, media, wish.Security, current?.Security, out var security);
        if (failure == NegotiationFailure.None)
            failure = CheckAddress(answer, media, security, check);
        if (failure != NegotiationFailure.None)
            return failure;
        audio = Match(asked, answer, media, wish, security);
        return audio is null ? NegotiationFailure.NoCommonCodec : NegotiationFailure.None;
    }

    // RFC 8445 §6.2: where checks find the way, nothing goes to the address of the description.
    private static NegotiationFailure CheckAddress(
        SessionDescription description, MediaDescription media, AgreedSecurity? security, Func<IPEndPoint, NegotiationFailure> check)
    {
        if (IceRules.FindsTheWay(security))
            return NegotiationFailure.None;
        var failure = MediaAddresses.Check(description, media);
        if (failure != NegotiationFailure.None || MediaAddresses.RemoteOf(description, media) is not { } remote)
            return failure;
        failure = check(remote);
        // RFC 3605 §2.1: reports go there, and must no more than audio reach what is not the phone's.
        var rtcp = MediaAddresses.RtcpPortOf(media) ?? remote.Port + 1;
        return failure == NegotiationFailure.None && rtcp <= IPEndPoint.MaxPort ? check(new IPEndPoint(remote.Address, rtcp)) : failure;
    }

    // A phone that gives up its audio and offers something else instead (fax: T.38) wants to hear that there is no such thing.
    private static bool EndsAudio(SessionDescription offer) => offer.Media.Any(m => m.IsAudio) && offer.Media.All(m => m.Port == 0);

    // Our order decides. But who offers the codec in use first does not want to change it: a hold is no reason to change codecs.
    private static (AudioFormat Ours, SdpFormat Theirs)? Prefer(MediaDescription media, AudioWish wish, NegotiatedAudio? current)
    {
        for (var i = 0; i < media.Formats.Count && current is not null; i++)
        {
            if (FindOurs(wish, media.Formats[i]) is not { } first)
                continue;
            if (first == current.Send.Format)
                return (first, media.Formats[i]);
            break;
        }

        for (var i = 0; i < wish.Formats.Count; i++)
        {
            if (FindTheirs(media, wish.Formats[i]) is { } match)
                return (wish.Formats[i], match);
        }

        return null;
    }

    private static AudioFormat? FindOurs(AudioWish wish, SdpFormat theirs)
    {
        for (var i = 0; i < wish.Formats.Count; i++)
        {
            if (wish.Formats[i].Matches(theirs))
                return wish.Formats[i];
        }

        return null;
    }

    private static SdpFormat? FindTheirs(MediaDescription media, AudioFormat ours)
    {
        for (var i = 0; i < media.Formats.Count; i++)
        {
            if (ours.Matches(media.Formats[i]))
                return media.Formats[i];
        }

        return null;
    }

    private static SdpFormat? FindNoise(MediaDescription media, int clockRate)
    {
        for (var i = 0; i < media.Formats.Count; i++)
        {
            if (media.Formats[i].IsComfortNoise && media.Formats[i].ClockRate == clockRate)
                return media.Formats[i];
        }

        return null;
    }

    private static AcceptedOffer Accept(
        SessionDescription offer, MediaDescription media, AudioFormat ours, SdpFormat theirs, AudioWish wish, AgreedSecurity? security)
    {
        var formats = new List<SdpFormat>(3) { theirs with { Parameters = ours.Parameters } };
        var noise = FindNoise(media, ours.ClockRate);
        if (noise is not null)
            formats.Add(noise with { Parameters = null });
        var events = EventsFor(media.Formats, ours);
        if (events is not null)
            formats.Add(events with { Parameters = EventParameters });
        var send = new NegotiatedFormat(theirs.PayloadType, ours, theirs.Parameters);
        NegotiatedEvents? agreed = events is null ? null : new NegotiatedEvents(events.PayloadType, events.ClockRate);
        var (isMuxed, mid) = (MediaAddresses.CanMux(media, formats), MediaBundle.MidOf(media));
        // RFC 3264 §6.1: what they send we receive; and we do no more than we want.
        var direction = DirectionOf(offer, media, security).Reverse() & wish.Direction;
        return new AcceptedOffer(offer, media, formats, Locate(offer, media, security, new NegotiatedAudio
        {
            Send = send,
            Receive = [new NegotiatedFormat(theirs.PayloadType, ours)],
            SendEvents = agreed,
            ReceiveEvents = agreed is { } both ? [both] : [],
            ComfortNoise = noise?.PayloadType,
            RtcpMux = isMuxed,
            RtcpPort = MediaAddresses.RtcpPortOf(media),
            Direction = direction,
            AudioLevel = AudioLevelRules.Accept(offer, media, wish, direction),
            PacketTime = PacketTimeOf(media, send, wish),
            Mid = mid,
            IsBundled = isMuxed && MediaBundle.Has(offer, mid),
        }));
    }

    private static NegotiatedAudio Locate(
        SessionDescription description, MediaDescription media, AgreedSecurity? security, NegotiatedAudio audio) =>
        IceRules.FindsTheWay(security)
            ? audio with { Security = security }
            : audio with
            {
                Security = security,
                Remote = MediaAddresses.RemoteOf(description, media),
                RemoteName = MediaAddresses.NameOf(description, media),
            };

    // RFC 8839 §4.3.2: before there is a candidate the address is 0.0.0.0, which does not mean hold then.
    private static SdpDirection DirectionOf(SessionDescription description, MediaDescription media, AgreedSecurity? security) =>
        IceRules.FindsTheWay(security)
            ? media.Direction ?? description.Direction ?? SdpDirection.SendRecv
            : description.DirectionOf(media);

    // RFC 4733 §2.1 wants the clock of the audio. Many phones know events at 8000 Hz only, also beside Opus: they are taken as they are.
    private static SdpFormat? EventsFor(IReadOnlyList<SdpFormat> formats, AudioFormat codec)
    {
        SdpFormat? best = null;
        for (var i = 0; i < formats.Count; i++)
        {
            var format = formats[i];
            if (!format.IsTelephoneEvent || format.ClockRate == 0)
                continue;
            if (format.ClockRate == codec.ClockRate)
                return format;
            if (best is null || (best.ClockRate != NarrowbandRate && format.ClockRate == NarrowbandRate))
                best = format;
        }

        return best;
    }

    private static NegotiatedAudio? Match(
        MediaDescription asked, SessionDescription answer, MediaDescription media, AudioWish wish, AgreedSecurity? security)
    {
        NegotiatedFormat? send = null;
        var receive = new List<NegotiatedFormat>();
        foreach (var theirs in media.Formats)
        {
            var ours = wish.Formats.FirstOrDefault(f => f.Matches(theirs));
            if (ours is null || asked.Formats.FirstOrDefault(ours.Matches) is not { } offered)
                continue;
            send ??= new NegotiatedFormat(theirs.PayloadType, ours, theirs.Parameters);
            AddReceived(receive, offered.PayloadType, ours);
            // RFC 3264 §7 has them send with our number. Who sends with his own is understood too, when it means nothing else to us.
            if (asked.Formats.All(f => f.PayloadType != theirs.PayloadType))
                AddReceived(receive, theirs.PayloadType, ours);
        }

        if (send is null)
            return null;
        var sendEvents = EventsFor(media.Formats, send.Format);
        var (isMuxed, mid) = (asked.RtcpMux && MediaAddresses.CanMux(media, media.Formats), MediaBundle.MidOf(asked));
        return Locate(answer, media, security, new NegotiatedAudio
        {
            Send = send,
            Receive = receive,
            SendEvents = sendEvents is null ? null : new NegotiatedEvents(sendEvents.PayloadType, sendEvents.ClockRate),
            ReceiveEvents = MatchEvents(asked, media, receive),
            ComfortNoise = MatchNoise(asked, media, send.Format),
            RtcpMux = isMuxed,
            RtcpPort = MediaAddresses.RtcpPortOf(media),
            Direction = DirectionOf(answer, media, security).Reverse() & wish.Direction,
            AudioLevel = AudioLevelRules.Match(asked, answer, media),
            PacketTime = PacketTimeOf(media, send, wish),
            Mid = mid,
            IsBundled = isMuxed && MediaBundle.Has(answer, mid),
        });
    }

    private static int PacketTimeOf(MediaDescription media, NegotiatedFormat send, AudioWish wish)
    {
        var time = PacketTimes.Choose(media.PacketTime, media.MaxPacketTime);
        return wish.PacketTimeOf?.Invoke(send, time) ?? time;
    }

    private static void AddReceived(List<NegotiatedFormat> formats, int payloadType, AudioFormat format)
    {
        if (formats.TrueForAll(f => f.PayloadType != payloadType))
            formats.Add(new NegotiatedFormat(payloadType, format));
    }

    private static List<NegotiatedEvents> MatchEvents(MediaDescription asked, MediaDescription media, List<NegotiatedFormat> audio)
    {
        var events = new List<NegotiatedEvents>();
        foreach (var theirs in media.Formats)
        {
            if (!theirs.IsTelephoneEvent || asked.Formats.FirstOrDefault(theirs.MeansTheSameAs) is not { } offered)
                continue;
            AddEvents(events, offered);
            if (asked.Formats.All(f => f.PayloadType != theirs.PayloadType) && audio.TrueForAll(f => f.PayloadType != theirs.PayloadType))
                AddEvents(events, theirs);
        }

        return events;
    }

    private static void AddEvents(List<NegotiatedEvents> events, SdpFormat format)
    {
        if (events.TrueForAll(e => e.PayloadType != format.PayloadType))
            events.Add(new NegotiatedEvents(format.PayloadType, format.ClockRate));
    }

    // One number for both directions is all that we keep: comfort noise is static at 8000 Hz, and others are not offered.
    private static int? MatchNoise(MediaDescription asked, MediaDescription media, AudioFormat codec) =>
        FindNoise(media, codec.ClockRate) is { } theirs
        && asked.Formats.Any(f => f.PayloadType == theirs.PayloadType && f.MeansTheSameAs(theirs))
            ? theirs.PayloadType
            : null;
}
