using System.Net;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>How a phone is set up.</summary>
/// <param name="User">Its user name; the password is "pw-" and the name.</param>
/// <param name="Server">Where the server listens.</param>
/// <param name="ToneHz">The tone it plays as its microphone.</param>
public sealed record PhoneOptions(string User, IPEndPoint Server, double ToneHz)
{
    /// <summary>Level of the tone: two of them summed still fit.</summary>
    public const double ToneDbfs = -12;

    /// <summary>File of the certificates it trusts over TLS; null for none.</summary>
    public string? TrustedRoots { get; init; }

    /// <summary>"udp", "tcp" or "tls".</summary>
    public string Transport { get; init; } = "udp";

    /// <summary>"PCMA", "PCMU", "G722" or "opus", the only codec it has.</summary>
    public string Codec { get; init; } = "PCMA";

    /// <summary>
    /// How it encrypts its audio: null not at all; of baresip <c>srtp</c> (if the other side can), <c>srtp-mand</c>, <c>srtp-mandf</c>,
    /// <c>dtls_srtp</c>; of linphone <c>srtp</c>, <c>dtls</c>.
    /// </summary>
    public string? Encryption { get; init; }

    /// <summary>Milliseconds of audio in a packet that it asks for and sends.</summary>
    public int PacketTime { get; init; } = 20;

    /// <summary>Bits per second it asks for (RFC 7587 maxaveragebitrate) and sends, when its codec is Opus.</summary>
    public int OpusBitrate { get; init; } = 64000;

    /// <summary>Whether it answers by itself.</summary>
    public bool AutoAnswer { get; init; }

    /// <summary>Whether it registers.</summary>
    public bool Register { get; init; } = true;

    /// <summary>Its password, when not the right one.</summary>
    public string? Password { get; init; }

    /// <summary>Whether baresip finds the path of its audio by ICE. Default false.</summary>
    public bool HasIce { get; init; }

    /// <summary>Whether baresip has one port for RTP and RTCP (RFC 5761) when the other side does. Default false.</summary>
    public bool RtcpMux { get; init; }

    /// <summary>Rate of its sound card.</summary>
    public int SampleRate => Codec switch { "opus" => 48000, "G722" => 16000, _ => 8000 };

    /// <summary>Two minutes of its tone: longer than any call here.</summary>
    public WavFile Tone() => ToneSource.Sine(ToneHz, TimeSpan.FromMinutes(2), SampleRate, ToneDbfs);
}
