namespace Atm0s.Sip.Hooks;

/// <summary>Knows the users. Asked whenever a phone presents digest credentials that must be checked.</summary>
/// <remarks>
/// The library makes the challenge, checks the nonce and compares in constant time; the provider only supplies the stored hash, never a
/// verdict on the response.
/// An unknown user is answered exactly like a wrong password. One added by type is made once, and asked from many threads at once
/// (<c>SipServerBuilder</c> says how to have one made anew for each question). One that never blocks may say so (<see cref="NonBlockingAttribute"/>). An
/// <see cref="IOException"/> or <see cref="TimeoutException"/> says that the user can't be looked up now: it is answered with 503 and
/// <c>Retry-After</c>, as is a time-out. Another exception is answered with 500.
/// </remarks>
public interface IAuthProvider
{
    /// <summary>Supplies the digest credential of one user.</summary>
    /// <param name="request">Who, where and with which algorithm.</param>
    /// <param name="cancellationToken">Cancelled when the caller gave up, the time-out passed or the server stops.</param>
    ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken);
}
