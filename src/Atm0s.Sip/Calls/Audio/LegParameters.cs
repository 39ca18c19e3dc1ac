using System.Net;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>What offer and answer agreed on, in the words of the media leg.</summary>
internal static class LegParameters
{
    /// <summary>Where audio goes while nobody knows where the peer is: nothing is sent until its own audio comes.</summary>
    public static readonly IPEndPoint Nowhere = new(IPAddress.Any, 0);

    /// <summary>Makes the parameters.</summary>
    /// <param name="agreed">What was agreed.</param>
    /// <param name="codecOf">The codec of a format.</param>
    /// <param name="before">What held before, or null.</param>
    /// <param name="signalling">Where the peer's signalling comes from; null behind a proxy.</param>
    /// <param name="cname">Our name in RTCP.</param>
    public static RtpLegParameters From(
        NegotiatedAudio agreed,
        Func<AudioFormat, IAudioCodec> codecOf,
        RtpLegParameters? before,
        IPAddress? signalling,
        string cname) => new()
    {
        SendFormat = new RtpFormat((byte)agreed.Send.PayloadType, codecOf(agreed.Send.Format), agreed.Send.Parameters),
        ReceiveFormats = [.. agreed.Receive.Select(f => new RtpFormat((byte)f.PayloadType, codecOf(f.Format)))],
        ReceiveEvents = [.. agreed.ReceiveEvents.Select(e => new RtpEventFormat((byte)e.PayloadType, e.ClockRate))],
        SendEvents = agreed.SendEvents is { } events ? new RtpEventFormat((byte)events.PayloadType, events.ClockRate) : null,
        ComfortNoisePayloadType = agreed.ComfortNoise ?? -1,
        AudioLevelExtension = agreed.AudioLevel is { } heard && heard.Direction.HasFlag(SdpDirection.RecvOnly) ? heard.Id : 0,
        HasVoiceFlag = agreed.AudioLevel is not { HasVoiceFlag: false },
        SendAudioLevelExtension = agreed.AudioLevel is { } told && told.Direction.HasFlag(SdpDirection.SendOnly) ? told.Id : 0,
        PacketTime = TimeSpan.FromMilliseconds(agreed.PacketTime),
        // RFC 3264 §8.4: who holds by the address zero is still where he was. Where a name leads nobody knows yet.
        Remote = agreed.Remote ?? (agreed.RemoteName is null ? before?.Remote : null) ?? Nowhere,
        RemoteRtcp = agreed.Remote is null && agreed.RemoteName is null ? before?.RemoteRtcp : agreed.RemoteRtcp,
        SignallingAddress = signalling,
        CName = cname,
        Send = agreed.Direction.HasFlag(SdpDirection.SendOnly),
        Receive = agreed.Direction.HasFlag(SdpDirection.RecvOnly),
        IsOnHold = agreed.IsOnHold,
    };
}
