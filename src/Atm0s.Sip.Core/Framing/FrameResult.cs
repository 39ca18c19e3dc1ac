using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Framing;

/// <summary>What is at the head of a stream.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes it takes up.</param>
/// <param name="Refusal">Why the stream is refused.</param>
public readonly record struct FrameResult(FrameKind Kind, long Length, SipRefusal Refusal);
