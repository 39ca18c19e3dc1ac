namespace Atm0s.Sip.Media.Net;

/// <summary>An RTP stream as heard on a port: who sends it, and its SSRC. <see cref="Source"/> is none when nothing was heard.</summary>
internal readonly record struct HeardStream(MediaAddress Source, uint Ssrc);
