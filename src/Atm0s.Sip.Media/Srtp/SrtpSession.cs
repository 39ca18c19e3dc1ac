namespace Atm0s.Sip.Media.Srtp;

/// <summary>What protects one stream in both directions.</summary>
internal sealed class SrtpSession(SrtpKeys keys) : IDisposable
{
    /// <summary>What we send.</summary>
    public SrtpSender Sender { get; } = new(keys.Send);

    /// <summary>What the peer sends.</summary>
    public SrtpReceiver Receiver { get; } = new(keys.Receive);

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
