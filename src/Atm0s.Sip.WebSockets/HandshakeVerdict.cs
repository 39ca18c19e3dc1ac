namespace Atm0s.Sip.WebSockets;

/// <summary>What becomes of a request for a connection.</summary>
/// <param name="Status">0: it goes on; else the status code of the refusal.</param>
/// <param name="Reason">Why, as a sentence for who reads the answer.</param>
internal readonly record struct HandshakeVerdict(int Status, string Reason)
{
    /// <summary>It goes on.</summary>
    public static HandshakeVerdict Ok { get; } = new(0, "");

    /// <summary>Nothing but a WebSocket is served here (RFC 6455 §4.2.1).</summary>
    public static HandshakeVerdict NoWebSocket { get; } = new(400, "Here is SIP over WebSocket (RFC 7118): connect with new WebSocket(url, \"sip\").");

    /// <summary>RFC 7118 §4.1: the client MUST ask for the subprotocol.</summary>
    public static HandshakeVerdict NoSubprotocol { get; } = new(400, "The subprotocol \"sip\" is missing (RFC 7118 §4.1).");

    /// <summary>RFC 6455 §10.2</summary>
    public static HandshakeVerdict ForeignOrigin { get; } = new(403, "Pages of this origin may not connect here.");

    /// <summary>All places are taken.</summary>
    public static HandshakeVerdict NoPlace { get; } = new(503, "There are too many connections.");

    /// <summary>The server does not run.</summary>
    public static HandshakeVerdict NotRunning { get; } = new(503, "The SIP server is not running.");
}
