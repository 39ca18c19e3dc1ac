namespace Atm0s.Sip.Hooks;

/// <summary>
/// Takes the text messages of phones: MESSAGE inside a call and outside of any (RFC 3428).
/// </summary>
/// <remarks>
/// One added by type is made once, and asked from many threads at once (<c>SipServerBuilder</c> says how to have one made anew for each
/// question). Without a handler a MESSAGE is answered 405. Outside of a call the sender is asked for his
/// password as a caller is. An exception is answered with 500, a time-out (at most 25 s) with 503 and <c>Retry-After</c>. The sender
/// repeats a message that it has no answer to; such a copy is not told again while its transaction lives (32 s).
/// </remarks>
public interface IMessageHandler
{
    /// <summary>Takes one message.</summary>
    /// <param name="message">Who says what to whom.</param>
    /// <param name="cancellationToken">Cancelled when the time-out passes, the call ends or the server stops.</param>
    ValueTask<MessageDecision> HandleMessageAsync(MessageRequest message, CancellationToken cancellationToken);
}
