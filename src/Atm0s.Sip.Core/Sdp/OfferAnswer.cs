using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Offer and answer of one audio stream (RFC 3264), as pure functions.</summary>
public static class OfferAnswer
{
    private const int FirstDynamic = 96;
    private const int NarrowbandEvents = 101;       // where everybody expects the events of G.711
    private const string EventParameters = "0-16";

    /// <summary>Makes an offer: every codec of ours, and telephone-event for each clock rate among them (RFC 4733 §2.5.1.2, RFC 7587).</summary>
    public static SessionDescription CreateOffer(AudioSession session)
    {
        var formats = new List<SdpFormat>();
        var next = FirstDynamic;
        foreach (var format in session.Formats)
            formats.Add(new SdpFormat(format.StaticPayloadType >= 0 ? format.StaticPayloadType : NextDynamic(ref next), format.Name, format.ClockRate, format.Channels, format.Parameters));
        foreach (var rate in session.Formats.Select(f => f.ClockRate).Distinct())
            formats.Add(new SdpFormat(rate == 8000 ? NarrowbandEvents : NextDynamic(ref next), "telephone-event", rate, 1, EventParameters));
        return Describe(session, [Audio(session, "RTP/AVP", formats, session.Direction)]);
    }

    /// <summary>Answers an offer: the first codec of ours that it has, with its payload types; further streams are refused with port 0 (RFC 3264 §6).</summary>
    public static bool TryAnswer(
        SessionDescription offer,
        AudioSession session,
        [NotNullWhen(true)] out SessionDescription? answer,
        [NotNullWhen(true)] out NegotiatedAudio? negotiated,
        out NegotiationFailure failure)
    {
        answer = null;
        negotiated = null;
        failure = Choose(offer, session, out var chosen, out var ours, out var theirs);
        if (failure != NegotiationFailure.None)
            return false;

        // RFC 3264 §6.1: what they send we receive; and we do no more than we want.
        var direction = offer.DirectionOf(chosen!).Reverse() & session.Direction;
        var telephone = chosen!.Formats.FirstOrDefault(f => f.IsTelephoneEvent && f.ClockRate == ours!.ClockRate);
        var formats = new List<SdpFormat> { theirs! with { Parameters = ours!.Parameters } };
        if (telephone is not null)
            formats.Add(telephone with { Parameters = EventParameters });
        answer = Describe(session, [.. offer.Media.Select(m => ReferenceEquals(m, chosen) ? Audio(session, m.Protocol, formats, direction) : Refuse(m))]);
        negotiated = new NegotiatedAudio
        {
            Format = ours,
            SendPayloadType = theirs!.PayloadType,
            ReceivePayloadType = theirs.PayloadType,
            SendEventPayloadType = telephone?.PayloadType,
            ReceiveEventPayloadType = telephone?.PayloadType,
            Remote = RemoteOf(offer, chosen),
            RemoteRtcp = RemoteRtcpOf(offer, chosen),
            Direction = direction,
            PacketTime = chosen.PacketTime ?? 20,
        };
        return true;
    }

    /// <summary>Takes the answer to an offer of ours. We send with the answer's payload types and receive with the offer's (RFC 3264 §7).</summary>
    public static bool TryAcceptAnswer(
        SessionDescription offer,
        SessionDescription answer,
        AudioSession session,
        [NotNullWhen(true)] out NegotiatedAudio? negotiated,
        out NegotiationFailure failure)
    {
        negotiated = null;
        failure = FindAnswered(offer, answer, out var asked, out var audio);
        if (failure != NegotiationFailure.None)
            return false;

        failure = NegotiationFailure.NoCommonCodec;
        var offered = asked!.Formats;
        foreach (var theirs in audio!.Formats)
        {
            if (session.Formats.FirstOrDefault(f => f.Matches(theirs)) is not { } ours || offered.FirstOrDefault(ours.Matches) is not { } receive)
                continue;
            var sendEvents = audio.Formats.FirstOrDefault(f => f.IsTelephoneEvent && f.ClockRate == ours.ClockRate);
            negotiated = new NegotiatedAudio
            {
                Format = ours,
                SendPayloadType = theirs.PayloadType,
                ReceivePayloadType = receive.PayloadType,
                SendEventPayloadType = sendEvents?.PayloadType,
                ReceiveEventPayloadType = offered.FirstOrDefault(f => f.IsTelephoneEvent && f.ClockRate == ours.ClockRate)?.PayloadType,
                Remote = RemoteOf(answer, audio),
                RemoteRtcp = RemoteRtcpOf(answer, audio),
                Direction = answer.DirectionOf(audio).Reverse() & session.Direction,
                PacketTime = audio.PacketTime ?? 20,
            };
            failure = NegotiationFailure.None;
            return true;
        }

        return false;
    }

    // RFC 3264 §6: an answer has the streams of the offer, in its order and over its transports.
    private static NegotiationFailure FindAnswered(
        SessionDescription offer, SessionDescription answer, out MediaDescription? asked, out MediaDescription? audio)
    {
        asked = offer.Audio;
        audio = null;
        if (asked is null)
            return NegotiationFailure.NoAudio;
        if (answer.Media.Count != offer.Media.Count || answer.Media.Where((m, i) => m.Type != offer.Media[i].Type).Any())
            return NegotiationFailure.BadAnswer;
        var index = offer.Media.TakeWhile(m => !m.IsAudio || m.Port == 0).Count();
        audio = answer.Media[index];
        if (audio.Port == 0)
            return NegotiationFailure.NoAudio;
        // We would send in the clear to who expects SRTP. AVPF is AVP to us.
        return IsKnownProfile(audio.Protocol) ? CheckAddress(answer, audio) : NegotiationFailure.UnsupportedProfile;
    }

    private static bool IsKnownProfile(string protocol) => protocol is "RTP/AVP" or "RTP/AVPF";

    private static int NextDynamic(ref int next)
    {
        if (next == NarrowbandEvents)
            next++;
        return next++;
    }

    private static NegotiationFailure Choose(
        SessionDescription offer, AudioSession session, out MediaDescription? media, out AudioFormat? ours, out SdpFormat? theirs)
    {
        media = null;
        ours = null;
        theirs = null;
        var failure = NegotiationFailure.NoAudio;
        foreach (var candidate in offer.Media.Where(m => m.IsAudio && m.Port != 0))
        {
            // RFC 4585 §5: AVPF to who does not know it is answered as it stands; we send no feedback and need none.
            if (!IsKnownProfile(candidate.Protocol))
            {
                failure = NegotiationFailure.UnsupportedProfile;
                continue;
            }

            failure = CheckAddress(offer, candidate);
            if (failure != NegotiationFailure.None)
                continue;
            foreach (var format in session.Formats)
            {
                if (candidate.Formats.FirstOrDefault(format.Matches) is { } match)
                {
                    (media, ours, theirs) = (candidate, format, match);
                    return NegotiationFailure.None;
                }
            }

            failure = NegotiationFailure.NoCommonCodec;
        }

        return failure;
    }

    private static NegotiationFailure CheckAddress(SessionDescription description, MediaDescription media)
    {
        if (description.AddressOf(media) is not { } text)
            return NegotiationFailure.BadAddress;
        if (!IPAddress.TryParse(text, out var address) || text == "0.0.0.0")
            return NegotiationFailure.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var isGroup = address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] >= 224
            : address.IsIPv6Multicast;
        return isGroup || media.Port < 1024 ? NegotiationFailure.BadAddress : NegotiationFailure.None;
    }

    private static IPEndPoint? RemoteOf(SessionDescription description, MediaDescription media) =>
        IPAddress.TryParse(description.AddressOf(media), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(address, media.Port)
            : null;

    private static IPEndPoint? RemoteRtcpOf(SessionDescription description, MediaDescription media) =>
        RemoteOf(description, media) is { } rtp && (media.RtcpPort ?? media.Port + 1) is >= 1024 and <= 65535 and var port
            ? new IPEndPoint(rtp.Address, port)
            : null;

    private static SessionDescription Describe(AudioSession session, IReadOnlyList<MediaDescription> media)
    {
        var address = session.Address.ToString();
        return new SessionDescription
        {
            Origin = new SdpOrigin(
                "-",
                session.SessionId.ToString(CultureInfo.InvariantCulture),
                session.SessionVersion.ToString(CultureInfo.InvariantCulture),
                session.Address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4",
                address),
            Connection = address,
            Media = media,
        };
    }

    private static MediaDescription Audio(AudioSession session, string protocol, List<SdpFormat> formats, SdpDirection direction) => new()
    {
        Type = "audio",
        Port = session.Port,
        Protocol = protocol,
        FormatTokens = [.. formats.Select(f => f.PayloadType.ToString(CultureInfo.InvariantCulture))],
        Formats = formats,
        PacketTime = session.PacketTime,
        Direction = direction,
    };

    // RFC 3264 §6: a refused stream keeps its place, its profile and a format.
    private static MediaDescription Refuse(MediaDescription media) => new()
    {
        Type = media.Type,
        Port = 0,
        Protocol = media.Protocol,
        FormatTokens = [media.FormatTokens[0]],
    };
}
