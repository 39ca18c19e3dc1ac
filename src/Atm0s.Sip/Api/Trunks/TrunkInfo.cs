namespace Atm0s.Sip;

/// <summary>A trunk as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">Where it is.</param>
/// <param name="State">How it stands.</param>
/// <param name="StatusCode">The final SIP status code of the last REGISTER: 200, or why not; 408 when the server does not answer, 503 when
/// it can't be reached; 0 before the first.</param>
/// <param name="Expires">Time granted by the last REGISTER; zero when not registered.</param>
public sealed record TrunkInfo(string Name, string Server, TrunkState State, int StatusCode, TimeSpan Expires);
