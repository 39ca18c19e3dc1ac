namespace Atm0s.Sip.Hooks;

/// <summary>Why a registration ended.</summary>
public enum UnregisterReason
{
    /// <summary>The phone said so (<c>Expires: 0</c> or <c>Contact: *</c>).</summary>
    Client,

    /// <summary>It was not refreshed in time.</summary>
    Expired,

    /// <summary>The TCP connection it was registered over is gone.</summary>
    FlowClosed,

    /// <summary>Another contact of the user took its place because the limit of contacts was reached.</summary>
    Replaced,

    /// <summary>The server stops.</summary>
    Shutdown,
}
