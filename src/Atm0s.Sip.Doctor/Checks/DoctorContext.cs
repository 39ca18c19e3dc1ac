using Atm0s.Sip.Doctor.Facts;
using Atm0s.Sip.Doctor.Pings;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>What checks look at.</summary>
/// <param name="Server">The settings.</param>
/// <param name="Options">What is wanted.</param>
/// <param name="Facts">The machine.</param>
/// <param name="Ping">Asks trunks.</param>
internal sealed record DoctorContext(SipServerOptions Server, DoctorOptions Options, ISystemFacts Facts, ITrunkPing Ping);
