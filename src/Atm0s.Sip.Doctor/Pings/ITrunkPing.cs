namespace Atm0s.Sip.Doctor.Pings;

/// <summary>Asks whether a SIP server is there.</summary>
internal interface ITrunkPing
{
    /// <summary>Sends OPTIONS (RFC 3261 §11) and waits for the answer.</summary>
    /// <param name="target">Whom, and where.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PingResult> PingAsync(PingTarget target, TimeSpan timeout, CancellationToken cancellationToken);
}
