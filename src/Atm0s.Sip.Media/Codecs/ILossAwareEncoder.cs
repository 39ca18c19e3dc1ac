namespace Atm0s.Sip.Media.Codecs;

/// <summary>An encoder that can trade bits for robustness when told how many packets get lost (from RTCP, RFC 3550 §6.4.1).</summary>
public interface ILossAwareEncoder : IAudioEncoder
{
    /// <summary>Share of the packets that is expected to be lost, 0 to 100. Values outside are clamped.</summary>
    int ExpectedLossPercent { get; set; }
}
