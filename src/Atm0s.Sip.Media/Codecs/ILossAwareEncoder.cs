namespace Atm0s.Sip.Media.Codecs;

/// <summary>An encoder that can trade bits for robustness when told how many packets get lost (from RTCP, RFC 3550 §6.4.1).</summary>
public interface ILossAwareEncoder : IAudioEncoder
{
    /// <summary>Share of the packets that is expected to be lost, 0 to 100. Values outside are clamped.</summary>
    int ExpectedLossPercent { get; set; }

    /// <summary>Takes a report of the receiver. Default: the share lost is what is expected from now on.</summary>
    /// <param name="fractionLost">Share of the packets lost since the report before, 0 to 1.</param>
    /// <param name="roundTrip">Round trip of the network, or null when it is not known.</param>
    void OnReport(double fractionLost, TimeSpan? roundTrip) => ExpectedLossPercent = (int)Math.Round(Math.Clamp(fractionLost, 0, 1) * 100);
}
