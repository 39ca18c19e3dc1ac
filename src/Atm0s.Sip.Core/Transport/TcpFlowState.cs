namespace Atm0s.Sip.Core.Transport;

/// <summary>Life of a TCP connection: each state follows one above it.</summary>
internal enum TcpFlowState
{
    /// <summary>Being opened by us: what is sent waits.</summary>
    Connecting,

    /// <summary>Carries messages both ways.</summary>
    Open,

    /// <summary>Nothing more comes: closed for everybody, but for the answers that the peer may still wait for.</summary>
    Draining,

    /// <summary>Gone.</summary>
    Closed,
}
