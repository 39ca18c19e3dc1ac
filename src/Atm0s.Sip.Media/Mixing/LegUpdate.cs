using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>New parameters, and what they need, made on the thread that asked. Without a receiver the old one goes on.</summary>
internal sealed record LegUpdate(RtpLegParameters Parameters, RtpReceiver? Receiver, RtcpSession? Rtcp);
