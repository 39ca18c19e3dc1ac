using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Why audio can't go on, in a sentence for the log and for the Reason field.</summary>
internal static class MediaFailures
{
    /// <summary>How a call ends from whose phone nothing is heard any more.</summary>
    public static CallEnd NoAudio { get; } = new(CallEndCause.MediaTimeout, 0, "no audio came from the phone any more");

    /// <summary>How a call ends whose leg has failed.</summary>
    public static CallEnd AudioFailed { get; } = new(CallEndCause.Failed, 500, "the audio of the call failed inside the server");

    /// <summary>How it ends a call.</summary>
    public static CallEnd EndOf(MediaFailure failure) => failure switch
    {
        MediaFailure.ConsentLost => new CallEnd(CallEndCause.MediaTimeout, 0, "the phone's checks of its way here (ICE) have stopped"),
        MediaFailure.Overloaded => new CallEnd(CallEndCause.Failed, 503, "too many handshakes for keys are under way"),
        _ => new CallEnd(CallEndCause.EncryptionFailed, 488, Describe(failure)),
    };

    public static string Describe(MediaFailure failure) => failure switch
    {
        MediaFailure.FingerprintMismatch => "the certificate of the audio is not the one that the description named",
        MediaFailure.NoCommonProfile => "no protection profile of SRTP in common",
        MediaFailure.HandshakeTimedOut => "the DTLS handshake of the audio was not completed in time",
        MediaFailure.Overloaded => "too many DTLS handshakes at this time",
        MediaFailure.PeerClosed => "the phone has closed the DTLS association of its audio",
        MediaFailure.ConsentLost => "the phone has stopped checking the path of its audio",
        _ => "the DTLS handshake of the audio failed",
    };
}
