using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>One call, from any thread.</summary>
public interface ISipCall
{
    /// <summary>Our id of the call; the same in every event.</summary>
    string Id { get; }

    /// <summary>Who, whom, where.</summary>
    CallInfo Info { get; }

    /// <summary>How far it has come.</summary>
    CallState State { get; }

    /// <summary>Completes when the call is answered, or has ended without; never fails.</summary>
    Task<CallOutcome> Answered { get; }

    /// <summary>Completes when the call has ended; never fails.</summary>
    Task<CallEvent.Ended> Ended { get; }

    /// <summary>Ends the call: BYE when it is up, CANCEL while it rings out there, a refusal while it rings here. Safe to repeat.</summary>
    /// <param name="statusCode">Code of the refusal for an incoming call that is not answered yet, 400 to 699; default 480.</param>
    /// <returns>Completes when the call has ended.</returns>
    Task HangUpAsync(int statusCode = 480);

    /// <summary>What the audio is like, or null before there is any.</summary>
    CallStatistics? GetStatistics();
}
