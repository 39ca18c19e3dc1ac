namespace Atm0s.Sip;

/// <summary>A call that rings at a phone.</summary>
/// <param name="CallId">Id of the call; <see cref="SipPhone.Calls"/> has it.</param>
/// <param name="From">Number of the caller.</param>
public sealed record IncomingCall(string CallId, string From);
