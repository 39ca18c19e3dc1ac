namespace Atm0s.Sip.Core.Framing;

/// <summary>What <see cref="SipStreamFramer"/> found at the head of a stream.</summary>
public enum FrameKind : byte
{
    /// <summary>Not all of it is here yet; nothing was consumed.</summary>
    NeedMore,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>A keep-alive that wants an answer: two blank lines (RFC 5626 §4.4.1).</summary>
    Ping,

    /// <summary>A single blank line: the answer to our ping, or padding between messages.</summary>
    Blank,

    /// <summary>The stream can't be followed any further: answer if there is something to answer, and close it.</summary>
    Refused,
}
