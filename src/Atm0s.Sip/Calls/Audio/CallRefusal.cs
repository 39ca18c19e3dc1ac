using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Why a call can't be made or taken.</summary>
/// <param name="Status">Status code that says it.</param>
/// <param name="Reason">For the log and the events.</param>
/// <param name="Warning">Code of the Warning field (RFC 3261 §20.43), or 0 for none.</param>
/// <param name="IsForEncryption">Whether there is none where there must be.</param>
internal sealed record CallRefusal(int Status, string Reason, int Warning = 0, bool IsForEncryption = false)
{
    private const int AddressFormat = 301;
    private const int TransportProtocol = 302;
    private const int MediaType = 304;
    private const int MediaFormat = 305;
    private const int Miscellaneous = 399;

    /// <summary>What a failed negotiation is answered (RFC 3261 §13.3.1.3).</summary>
    public static CallRefusal From(NegotiationFailure failure) => failure switch
    {
        NegotiationFailure.NoAudio => new(488, "there is no audio stream", MediaType),
        NegotiationFailure.UnsupportedProfile => new(488, "the transport of the audio is not spoken here", TransportProtocol),
        NegotiationFailure.EncryptionRequired => new(
            488, "the audio must be encrypted: RTP/SAVP with a=crypto, or UDP/TLS/RTP/SAVP", TransportProtocol, IsForEncryption: true),
        NegotiationFailure.EncryptionLost => new(
            488, "the audio was encrypted and must stay so", TransportProtocol, IsForEncryption: true),
        NegotiationFailure.KeysInTheClear => new(
            488, "keys are taken over TLS or WSS only (Media.AllowKeysOverPlainSignalling)", TransportProtocol, IsForEncryption: true),
        NegotiationFailure.NoCommonKeys => new(488, "no common suite or fingerprint of SRTP", TransportProtocol, IsForEncryption: true),
        NegotiationFailure.NoCommonCodec => new(488, "no common codec", MediaFormat),
        NegotiationFailure.BadAddress => new(488, "the address of the audio can't be used", AddressFormat),
        NegotiationFailure.UnreachableFamily => new(488, "the address of the audio can't be reached from here", AddressFormat),
        // RFC 3261 §14.2
        NegotiationFailure.OfferPending => new(491, "another offer waits for its answer"),
        _ => new(488, "the session description can't be used", Miscellaneous),
    };

    /// <summary>Encryption that is required, over a way that no keys may go over.</summary>
    public static CallRefusal NoWayForKeys { get; } = new(
        488,
        "the audio must be encrypted, but keys may go over TLS or WSS only (Media.AllowKeysOverPlainSignalling), and there is no DTLS",
        Miscellaneous,
        IsForEncryption: true);

    /// <summary>No description where an answer must be.</summary>
    public static CallRefusal NoAnswer { get; } = new(488, "it is not there");

    /// <summary>A description that names a host whose address nobody knows.</summary>
    public static CallRefusal UnknownHost { get; } = new(488, "the host of the audio is not found", AddressFormat);

    /// <summary>A body that must be understood and is not (RFC 3261 §8.2.3, RFC 5621 §3.2).</summary>
    public static CallRefusal UnknownBody { get; } = new(415, "the body is of a type that is not known here");

    /// <summary>A target refresh to where nothing could be sent.</summary>
    public static CallRefusal UnspokenContact { get; } = new(400, "Contact asks for a transport that is not spoken here");

    /// <summary>A description that can't be read.</summary>
    public static CallRefusal Unreadable(SdpRefusal refusal) =>
        new(488, $"the session description can't be read: {refusal}", Miscellaneous);

    /// <summary>Why a call ends that can't go on for it.</summary>
    public CallEndCause Cause => IsForEncryption ? CallEndCause.EncryptionFailed
        : Status == 503 ? CallEndCause.Failed
        : CallEndCause.MediaNegotiation;

    /// <summary>Value of the Warning field, or null when there is none.</summary>
    /// <param name="agent">Host and port of ours that the peer knows.</param>
    public string? WarningFrom(string agent) => Warning == 0 ? null : $"{Warning} {agent} \"{Reason}\"";
}
