namespace Atm0s.Sip.Hooks;

/// <summary>Decides what becomes of an incoming call. The phone hears <c>100 Trying</c> meanwhile and may cancel.</summary>
/// <remarks>
/// One added by type is made once, and asked from many threads at once (<c>SipServerBuilder</c> says how to have one made anew for each
/// question). One that never blocks may say so (<see cref="NonBlockingAttribute"/>). An exception is answered with 500, a time-out with 503 and <c>Retry-After</c>; an answer
/// that comes after the caller has gone is dropped and counted.
/// </remarks>
public interface IInviteHandler
{
    /// <summary>Decides about one call.</summary>
    /// <param name="invite">Who calls whom, and from where.</param>
    /// <param name="cancellationToken">Cancelled when the caller cancels, the time-out passes or the server stops.</param>
    ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken);
}
