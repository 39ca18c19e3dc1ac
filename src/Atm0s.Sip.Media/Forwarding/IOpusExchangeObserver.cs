namespace Atm0s.Sip.Media.Forwarding;

/// <summary>Gets what a leg says as Opus packets.</summary>
public interface IOpusExchangeObserver
{
    /// <summary>
    /// The leg has said something. On the media thread of its room: must not block, lock for long or allocate. An exception is logged once.
    /// </summary>
    /// <param name="frame">Valid during the call.</param>
    void OnFrame(in EncodedFrame frame);
}
