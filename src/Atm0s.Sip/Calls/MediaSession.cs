using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Calls;

/// <summary>Audio of one call: what was offered and answered, and the RTP leg that follows it. On the call's shard only.</summary>
internal sealed class MediaSession(MediaSessions owner, RtpLeg leg, AudioSession ours, IPAddress signalling) : IDisposable
{
    // RFC 7022 §4.2: short-lived, and tells nothing of the host.
    private readonly string _cname = $"{ours.SessionId:x}-{leg.LocalEndPoint.Port:x}";
    private AudioSession _ours = ours;
    private SessionDescription? _offer;
    private NegotiatedAudio? _agreed;
    private RtpLegParameters? _parameters;
    private MixRoom? _room;
    private bool _started;

    /// <summary>The audio itself, for commands.</summary>
    public RtpLeg Rtp => leg;

    /// <summary>Name of the codec; empty while the answer is still to come.</summary>
    public string CodecName => _agreed?.Format.Name ?? "";

    /// <summary>Whether the signalling comes from a proxy: then its address says nothing of where the phone is.</summary>
    public bool IsBehindProxy { get; set; }

    public string LocalDescription => leg.LocalEndPoint.ToString();

    public string RemoteDescription => _agreed?.Remote?.ToString() ?? "nowhere yet";

    public string AddressReason => owner.AddressReason;

    /// <summary>Our offer, for a new call, a re-INVITE without one, or a delayed one (RFC 3264 §5, §8).</summary>
    public byte[] CreateOffer()
    {
        NextVersion();
        _offer = OfferAnswer.CreateOffer(_ours);
        return SdpWriter.ToBytes(_offer);
    }

    /// <summary>Answers an offer and goes by it from now on; on failure nothing changes.</summary>
    public bool TryAnswer(SessionDescription offer, [NotNullWhen(true)] out byte[]? answer, out string failure)
    {
        answer = null;
        if (!OfferAnswer.TryAnswer(offer, _ours with { SessionVersion = _ours.SessionVersion + 1 }, out var description, out var agreed, out var why))
        {
            failure = Explain(why);
            return false;
        }

        if (!IsReachable(agreed, out failure))
            return false;
        NextVersion();
        Apply(agreed);
        answer = SdpWriter.ToBytes(description);
        return true;
    }

    /// <summary>Answers the offer in a body.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> body, [NotNullWhen(true)] out byte[]? answer, out string failure)
    {
        answer = null;
        failure = "";
        if (!SdpParser.TryParse(body, SdpLimits.Default, out var offer, out var refusal))
        {
            failure = $"the session description can't be read: {refusal}";
            return false;
        }

        return TryAnswer(offer, out answer, out failure);
    }

    /// <summary>Takes the answer to our last offer.</summary>
    public bool TryAcceptAnswer(ReadOnlySpan<byte> body, out string failure)
    {
        failure = "";
        if (_offer is null)
            return true;
        if (!SdpParser.TryParse(body, SdpLimits.Default, out var answer, out var refusal))
        {
            failure = $"the session description can't be read: {refusal}";
            return false;
        }

        if (!OfferAnswer.TryAcceptAnswer(_offer, answer, _ours, out var agreed, out var why))
        {
            failure = Explain(why);
            return false;
        }

        if (!IsReachable(agreed, out failure))
            return false;
        _offer = null;
        Apply(agreed);
        return true;
    }

    /// <summary>Joins the mixing, now or as soon as the answer is there.</summary>
    public void Start(MixRoom room)
    {
        _room = room;
        StartOrUpdate();
    }

    /// <summary>Goes on in another room.</summary>
    public void MoveTo(MixRoom room)
    {
        _room = room;
        if (_started)
            leg.MoveTo(room);
    }

    public CallQuality GetQuality()
    {
        var statistics = leg.GetStatistics();
        return new CallQuality
        {
            Codec = CodecName,
            PacketsSent = statistics.PacketsSent,
            PacketsReceived = statistics.PacketsReceived,
            PacketsLost = statistics.PacketsLost,
            JitterMilliseconds = statistics.JitterMilliseconds,
            RoundTrip = statistics.RoundTrip,
        };
    }

    public CallStatistics GetStatistics()
    {
        var statistics = leg.GetStatistics();
        return new CallStatistics
        {
            Codec = CodecName,
            PacketsSent = statistics.PacketsSent,
            PacketsReceived = statistics.PacketsReceived,
            PacketsLost = statistics.PacketsLost,
            JitterMilliseconds = statistics.JitterMilliseconds,
            RoundTrip = statistics.RoundTrip,
            Level = statistics.LevelDbov,
            Local = leg.LocalEndPoint,
            Remote = statistics.Remote,
        };
    }

    public void Dispose() => leg.Close();

    private static string Explain(NegotiationFailure failure) => failure switch
    {
        NegotiationFailure.NoAudio => "there is no audio stream",
        NegotiationFailure.UnsupportedProfile => "only RTP/AVP is spoken here",
        NegotiationFailure.NoCommonCodec => "no common codec",
        NegotiationFailure.BadAddress => "the address of the audio can't be used",
        _ => "the session description can't be used",
    };

    private void NextVersion() => _ours = _ours with { SessionVersion = _ours.SessionVersion + 1 };

    private bool IsReachable(NegotiatedAudio agreed, out string failure)
    {
        failure = agreed.Remote is { } remote && remote.AddressFamily != leg.LocalEndPoint.AddressFamily
            ? $"audio at {remote.Address} can't be reached from {leg.LocalEndPoint.Address}"
            : "";
        return failure.Length == 0;
    }

    private void Apply(NegotiatedAudio agreed)
    {
        _agreed = agreed;
        // RFC 3264 §8.4: a phone that gives no address (0.0.0.0) is on hold in the old way.
        var remote = agreed.Remote ?? _parameters?.Remote ?? new IPEndPoint(IPAddress.Any, 0);
        var codec = owner.Codecs[agreed.Format];
        _parameters = new RtpLegParameters
        {
            SendFormat = new RtpFormat((byte)agreed.SendPayloadType, codec),
            ReceiveFormats = [new RtpFormat((byte)agreed.ReceivePayloadType, codec)],
            ReceiveEvents = agreed.ReceiveEventPayloadType is { } receive ? [new RtpEventFormat((byte)receive, codec.ClockRate)] : [],
            SendEvents = agreed.SendEventPayloadType is { } send ? new RtpEventFormat((byte)send, codec.ClockRate) : null,
            Remote = remote,
            RemoteRtcp = agreed.RemoteRtcp,
            SignallingAddress = IsBehindProxy ? null : signalling,
            CName = _cname,
            Send = agreed.Remote is not null && agreed.Direction.HasFlag(SdpDirection.SendOnly),
            Receive = agreed.Direction.HasFlag(SdpDirection.RecvOnly),
        };
        StartOrUpdate();
    }

    private void StartOrUpdate()
    {
        if (_parameters is not { } parameters)
            return;
        if (_started)
        {
            leg.Update(parameters);
        }
        else if (_room is { } room)
        {
            _started = true;
            leg.Start(parameters, room);
        }
    }
}
