using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>Told what comes of a handshake, on a thread of the provider: must not take long, and must not throw.</summary>
public interface IDtlsObserver
{
    /// <summary>The peer is whom its description named, and these are the keys. Told once, before anything else.</summary>
    /// <param name="keys">For both directions.</param>
    void OnKeys(SrtpKeys keys);

    /// <summary>There will be no keys, or those told are void. Told once, and nothing after it.</summary>
    /// <param name="failure">Why.</param>
    void OnFailed(MediaFailure failure);
}
