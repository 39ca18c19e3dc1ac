using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Media;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls;

/// <summary>Makes the audio of calls: opens RTP ports and speaks SDP for them.</summary>
internal sealed class MediaSessions : IDisposable
{
    private readonly MediaOptions _options;
    private readonly SipClock _clock;

    private MediaSessions(MediaOptions options, MediaCodecs codecs, MediaEngine engine, SipClock clock)
    {
        _options = options;
        _clock = clock;
        Codecs = codecs;
        Engine = engine;
    }

    public MediaCodecs Codecs { get; }

    public MediaEngine Engine { get; }

    public string AddressReason => _options.AdvertisedAddress is null ? "our address towards the phone" : "Media.AdvertisedAddress";

    public static MediaSessions Create(SipServerOptions options, SipServerEnvironment environment, SipClock clock, ILogger logger)
    {
        var codecs = MediaCodecs.Choose(options.Media, environment.OpusProviders, logger);
        var engine = new MediaEngine(
            new MediaEngineOptions
            {
                FirstPort = options.Media.FirstPort,
                LastPort = options.Media.LastPort,
                Threads = options.Media.Threads,
                LegTimeout = options.Media.Timeout,
            },
            environment.MediaNetwork ?? new UdpMediaNetwork(),
            environment.MediaClock ?? new RealMediaClock(),
            environment.TimeProvider,
            new Random(environment.Ids.Next(int.MaxValue)),
            logger);
        return new MediaSessions(options.Media, codecs, engine, clock);
    }

    public void Start() => Engine.Start();

    public void Dispose() => Engine.Dispose();

    /// <summary>Opens audio for an outgoing call.</summary>
    public CallRefusal? TryOffer(SipFlow flow, IReadOnlyList<string>? codecs, IRtpLegObserver observer, out MediaSession? media, out byte[]? offer)
    {
        offer = null;
        media = null;
        var formats = Codecs.Named(codecs);
        if (formats.Count == 0)
            return NoCodec;
        if (!TryOpen(flow, formats, observer, out media))
            return NoPorts;
        offer = media.CreateOffer();
        return null;
    }

    /// <summary>Opens audio for an incoming call and answers its offer, or offers when it has none (RFC 3261 §13.3.1.4).</summary>
    public CallRefusal? TryAnswer(
        SessionDescription? offer, SipFlow flow, bool behindProxy, IReadOnlyList<string>? codecs, IRtpLegObserver observer, out MediaSession? media, out byte[]? answer)
    {
        answer = null;
        media = null;
        var formats = Codecs.Named(codecs);
        if (formats.Count == 0)
            return NoCodec;
        if (!TryOpen(flow, formats, observer, out media))
            return NoPorts;
        media.IsBehindProxy = behindProxy;
        if (offer is null)
        {
            answer = media.CreateOffer();
            return null;
        }

        if (media.TryAnswer(offer, out answer, out var failure))
            return null;
        media.Dispose();
        media = null;
        return new CallRefusal(488, failure);
    }

    private static CallRefusal NoPorts { get; } = new(503, "no free RTP port: widen Media.FirstPort..LastPort");

    private static CallRefusal NoCodec { get; } = new(488, "none of the codecs that the host allows is known here");

    private bool TryOpen(SipFlow flow, IReadOnlyList<AudioFormat> formats, IRtpLegObserver observer, [NotNullWhen(true)] out MediaSession? media)
    {
        media = null;
        var local = flow.LocalEndPoint.Address;
        if (Engine.TryOpenLeg(local, observer) is not { } leg)
            return false;
        var session = new AudioSession
        {
            Address = AdvertisedFor(local),
            Port = leg.LocalEndPoint.Port,
            Formats = formats,
            // RFC 8866 §5.2: a number that is unlikely to repeat; the version starts anywhere and goes up.
            SessionId = _clock.UtcNow.ToUnixTimeMilliseconds(),
        };
        media = new MediaSession(this, leg, session, flow.RemoteEndPoint.Address);
        return true;
    }

    private IPAddress AdvertisedFor(IPAddress local) =>
        _options.AdvertisedAddress is { } advertised && advertised.AddressFamily == local.AddressFamily ? advertised : local;
}
