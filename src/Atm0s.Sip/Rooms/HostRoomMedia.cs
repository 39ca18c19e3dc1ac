using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Media;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Rooms;

/// <summary>What places in the host's rooms are made of.</summary>
/// <param name="Engine">Makes their rooms of two.</param>
/// <param name="Opus">Encodes and decodes for seats of packets.</param>
/// <param name="Scheduler">Runs what is not the tick's.</param>
internal sealed record HostRoomMedia(MediaEngine Engine, IOpusCodecProvider Opus, SipScheduler Scheduler);
