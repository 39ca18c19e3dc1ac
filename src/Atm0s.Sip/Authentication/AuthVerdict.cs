namespace Atm0s.Sip.Authentication;

/// <summary>
/// What became of credentials: 200, or the status to refuse with.
/// </summary>
/// <param name="Status">200; 401 asks again with a fresh nonce; 403; 500 when the host failed; 503 when it took too long, or could not find
/// out.</param>
/// <param name="Reason">For the log.</param>
/// <param name="Login">Who it is; null when the password is not right, or was not asked for.</param>
internal sealed record AuthVerdict(int Status, string Reason, Login? Login = null);
