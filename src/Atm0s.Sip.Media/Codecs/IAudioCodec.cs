namespace Atm0s.Sip.Media.Codecs;

/// <summary>One way to carry audio in RTP: what SDP calls it, and a factory of its two halves.</summary>
public interface IAudioCodec
{
    /// <summary>
    /// Encoding name as registered for RTP, for example <c>PCMA</c> or <c>opus</c> (compare without case, RFC 8866 §6.6).
    /// </summary>
    string Name { get; }

    /// <summary>RTP timestamp units per second (RFC 3551 §4.1): 8000 for G.711, 48000 for Opus.</summary>
    int ClockRate { get; }

    /// <summary>
    /// Channels named in <c>a=rtpmap</c>: 1, or 2 for Opus (RFC 7587 §7). The PCM of encoder and decoder is mono all the same.
    /// </summary>
    int Channels { get; }

    /// <summary>The static payload type of RFC 3551 §6 (0 PCMU, 8 PCMA), or -1 when it must be mapped with <c>a=rtpmap</c>.</summary>
    int StaticPayloadType { get; }

    /// <summary>Rate of the PCM, in Hz. It differs from <see cref="ClockRate"/> only for G.722.</summary>
    int SampleRate { get; }

    /// <summary>Value of <c>a=fmtp</c> that we offer, or null.</summary>
    string? FormatParameters { get; }

    /// <summary>The packet time that its encoder does, as near to the wanted one as it can without being longer.</summary>
    /// <param name="settings">What the stream asks for.</param>
    /// <returns>10 to 120 ms. Default: the next lower multiple of 10 ms, 10 to 60 ms, which suits every codec of single samples.</returns>
    TimeSpan ClosestPacketTime(AudioEncoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return AudioPacketTime.Floor(settings.PacketTime);
    }

    /// <summary>Makes the encoder of one stream.</summary>
    /// <param name="settings">What the stream asks of it; the packet time is one that <see cref="ClosestPacketTime"/> gave.</param>
    IAudioEncoder CreateEncoder(AudioEncoderSettings settings);

    /// <summary>Makes the encoder of one stream of 20 ms packets without limits.</summary>
    IAudioEncoder CreateEncoder() => CreateEncoder(AudioEncoderSettings.Default);

    /// <summary>Makes the decoder of one stream.</summary>
    IAudioDecoder CreateDecoder();
}
