using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>Whom a phone hears in one room, and who hears it there.</summary>
/// <param name="Told">As the host has said it.</param>
/// <param name="InAudio">With members as the mixing knows them.</param>
/// <param name="Room">Where it holds.</param>
internal sealed record PlaceRule(MemberRule Told, MemberRule InAudio, MixRoom Room);
