namespace Atm0s.Sip.WebSockets;

/// <summary>Life of a connection: each state follows one above it.</summary>
internal enum FlowState
{
    /// <summary>It has a place; the handshake is under way.</summary>
    Opening,

    /// <summary>Carries messages both ways.</summary>
    Open,

    /// <summary>Closed for everybody; the peer has a moment to agree (RFC 6455 §7.1.2).</summary>
    Closing,

    /// <summary>Gone.</summary>
    Closed,
}
