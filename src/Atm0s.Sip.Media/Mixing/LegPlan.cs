using Atm0s.Sip.Media.ComfortNoise;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// What a leg is to go by from a tick on, with the codecs that it needs: made on the thread that asks, taken by the tick.
/// </summary>
internal sealed class LegPlan : IDisposable
{
    private LegPlan(RtpLegParameters parameters, ILogger logger)
    {
        Parameters = parameters;
        Replaced = new LegDisposal(logger);
    }

    public RtpLegParameters Parameters { get; }

    /// <summary>Receives from now on; null when the one before goes on.</summary>
    public RtpReceiver? Receiver { get; private init; }

    /// <summary>Encodes from now on; null when the one before goes on.</summary>
    public RtpEncoding? Encoding { get; private init; }

    /// <summary>Looks for tones; null when the one before does, or nobody shall.</summary>
    public InbandDtmfDetector? Detector { get; private init; }

    /// <summary>Sends digits as tones; null when the one before does, or nobody shall.</summary>
    public InbandDtmfGenerator? Tones { get; private init; }

    /// <summary>Decides what of the audio is a pause; null when the one before does, or nobody shall.</summary>
    public DiscontinuousTransmission? Pauses { get; private init; }

    /// <summary>Protects what is sent; null when the one before does, or nobody shall.</summary>
    public SrtpSender? SrtpSender { get; private init; }

    /// <summary>Checks what comes; null when the one before does, or nobody shall.</summary>
    public SrtpReceiver? SrtpReceiver { get; private init; }

    /// <summary>ICE and DTLS of the port for RTP; null when it has neither.</summary>
    public LinkPlan? Link { get; private init; }

    /// <summary>The same of the port for RTCP, when that is another.</summary>
    public LinkPlan? RtcpLink { get; private init; }

    /// <summary>Takes what the plan replaces.</summary>
    public LegDisposal Replaced { get; }

    /// <summary>Makes the first plan, whose encoder is the sender's.</summary>
    public static LegPlan Start(RtpLegParameters parameters, ILogger logger) => new(parameters, logger)
    {
        Receiver = MakeReceiver(parameters),
        Detector = MakeDetector(parameters),
        Tones = MakeTones(parameters),
        Pauses = MakePauses(parameters),
        SrtpSender = KeysOf(parameters) is { } keys ? new SrtpSender(keys.Send) : null,
        SrtpReceiver = KeysOf(parameters) is { } peers ? new SrtpReceiver(peers.Receive) : null,
        Link = LinkPlan.Make(IceCandidate.Rtp, parameters, null, null),
        RtcpLink = LinkPlan.Make(IceCandidate.Rtcp, parameters, null, null),
    };

    /// <summary>Makes the next plan.</summary>
    /// <param name="parameters">What is wanted.</param>
    /// <param name="before">What was wanted before.</param>
    /// <param name="untaken">The plan of that, if no tick has taken it: what it made goes on in this one, or is disposed of; when a
    /// codec throws it is as it was.</param>
    /// <param name="logger">Told when a codec can't be disposed of.</param>
    public static LegPlan Next(RtpLegParameters parameters, RtpLegParameters before, LegPlan? untaken, ILogger logger)
    {
        var made = new List<IDisposable>();
        try
        {
            var plan = Next(parameters, before, untaken, logger, made);
            untaken?.DisposeUnless(plan);
            return plan;
        }
        catch
        {
            // Of a host's codec or provider: the untaken plan stays as it was.
            made.ForEach(static part => part.Dispose());
            throw;
        }
    }

    /// <summary>Whether digits go as tones.</summary>
    public static bool SendsTones(RtpLegParameters parameters) => parameters is { SendEvents: null, SendInbandDtmf: true };

    /// <summary>Whether pauses are described instead of sent: RFC 3389 §4, whose static type has a clock of 8 kHz.</summary>
    public static bool DescribesPauses(RtpLegParameters parameters) =>
        parameters is { SendComfortNoise: true, ComfortNoisePayloadType: >= 0 and <= 127, SendFormat.Codec.ClockRate: 8000 };

    /// <summary>The plan is not carried out.</summary>
    public void Dispose()
    {
        Receiver?.Dispose();
        Encoding?.Dispose();
        SrtpSender?.Dispose();
        SrtpReceiver?.Dispose();
        Link?.Dispose();
        RtcpLink?.Dispose();
    }

    private static LegPlan Next(
        RtpLegParameters parameters, RtpLegParameters before, LegPlan? untaken, ILogger logger, List<IDisposable> made)
    {
        var keepsEncoding = RtpEncoding.AreAlike(parameters.SendFormat, parameters.PacketTime, before.SendFormat, before.PacketTime);
        var keepsSender = ReferenceEquals(KeysOf(parameters)?.Send, KeysOf(before)?.Send);
        var keepsReceiver = ReferenceEquals(KeysOf(parameters)?.Receive, KeysOf(before)?.Receive);
        var (receivesAnew, sendsAnew) = (RateIn(parameters) != RateIn(before), RateOut(parameters) != RateOut(before));
        return new LegPlan(parameters, logger)
        {
            Receiver = ReceiveAlike(parameters, before) ? untaken?.Receiver : Note(MakeReceiver(parameters), made),
            Encoding = keepsEncoding ? untaken?.Encoding : Note(new RtpEncoding(parameters.SendFormat, parameters.PacketTime), made),
            Detector = receivesAnew || !before.DetectInbandDtmf ? MakeDetector(parameters) : untaken?.Detector,
            Tones = sendsAnew || !SendsTones(before) ? MakeTones(parameters) : untaken?.Tones,
            Pauses = sendsAnew || !DescribesPauses(before) ? MakePauses(parameters) : untaken?.Pauses,
            SrtpSender = keepsSender ? untaken?.SrtpSender
                : KeysOf(parameters) is { } keys ? Note(new SrtpSender(keys.Send), made)
                : null,
            SrtpReceiver = keepsReceiver ? untaken?.SrtpReceiver
                : KeysOf(parameters) is { } peers ? Note(new SrtpReceiver(peers.Receive), made)
                : null,
            Link = MakeLink(IceCandidate.Rtp, parameters, before, untaken?.Link, made),
            RtcpLink = MakeLink(IceCandidate.Rtcp, parameters, before, untaken?.RtcpLink, made),
        };
    }

    private static LinkPlan? MakeLink(
        int component, RtpLegParameters parameters, RtpLegParameters before, LinkPlan? untaken, List<IDisposable> made)
    {
        var plan = LinkPlan.Make(component, parameters, before, untaken);
        if (plan?.Dtls is { } dtls && dtls != untaken?.Dtls)
            made.Add(dtls);
        return plan;
    }

    private static T Note<T>(T part, List<IDisposable> made)
        where T : IDisposable
    {
        made.Add(part);
        return part;
    }

    // Whatever of it does not go on in the next one.
    private void DisposeUnless(LegPlan next)
    {
        Drop(Receiver, next.Receiver);
        Drop(Encoding, next.Encoding);
        Drop(SrtpSender, next.SrtpSender);
        Drop(SrtpReceiver, next.SrtpReceiver);
        Drop(Link?.Dtls, next.Link?.Dtls);
        Drop(RtcpLink?.Dtls, next.RtcpLink?.Dtls);
    }

    private static void Drop(IDisposable? part, IDisposable? next)
    {
        if (!ReferenceEquals(part, next))
            part?.Dispose();
    }

    private static SrtpKeys? KeysOf(RtpLegParameters parameters) => parameters.Dtls is null ? parameters.Keys : null;

    private static int RateIn(RtpLegParameters parameters) => parameters.ReceiveFormats[0].Codec.SampleRate;

    private static int RateOut(RtpLegParameters parameters) => parameters.SendFormat.Codec.SampleRate;

    private static InbandDtmfDetector? MakeDetector(RtpLegParameters parameters) =>
        parameters.DetectInbandDtmf ? new InbandDtmfDetector(RateIn(parameters)) : null;

    private static InbandDtmfGenerator? MakeTones(RtpLegParameters parameters) =>
        SendsTones(parameters) ? new InbandDtmfGenerator(RateOut(parameters)) : null;

    private static DiscontinuousTransmission? MakePauses(RtpLegParameters parameters) =>
        DescribesPauses(parameters) ? new DiscontinuousTransmission(RateOut(parameters)) : null;

    private static bool ReceiveAlike(RtpLegParameters a, RtpLegParameters b) =>
        a.ComfortNoisePayloadType == b.ComfortNoisePayloadType
        && a.ReceiveFormats.Select(f => (f.PayloadType, f.Codec)).SequenceEqual(b.ReceiveFormats.Select(f => (f.PayloadType, f.Codec)))
        && a.JitterBuffer == b.JitterBuffer
        && a.ReceiveEvents.SequenceEqual(b.ReceiveEvents);

    private static RtpReceiver MakeReceiver(RtpLegParameters parameters) => new(new RtpReceiverOptions
    {
        Formats = parameters.ReceiveFormats,
        Events = parameters.ReceiveEvents,
        ComfortNoisePayloadType = parameters.ComfortNoisePayloadType,
        AudioLevelExtension = parameters.AudioLevelExtension,
        HasVoiceFlag = parameters.HasVoiceFlag,
        JitterBuffer = parameters.JitterBuffer,
    });
}
