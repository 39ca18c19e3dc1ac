namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a room is to do at its next tick: add a member, or remove the one of an endpoint, or give it a rule.</summary>
internal readonly record struct RoomOperation(RoomMember? Joining, IPcmEndpoint? Endpoint, MemberRule? Rule = null);
