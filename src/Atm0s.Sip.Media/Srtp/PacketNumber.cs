namespace Atm0s.Sip.Media.Srtp;

/// <summary>What no two packets of one key have in common.</summary>
/// <param name="Ssrc">Their source.</param>
/// <param name="Index">48 bits in SRTP (<see cref="PacketIndex"/>), 31 bits in SRTCP.</param>
internal readonly record struct PacketNumber(uint Ssrc, long Index);
