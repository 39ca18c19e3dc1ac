using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A registration ended.</summary>
/// <param name="Registration">The registration.</param>
/// <param name="Reason"><c>client</c>, <c>expired</c>, <c>flow_closed</c>, <c>replaced</c> or <c>shutdown</c>.</param>
public sealed record UnregisteredMessage(RegistrationResource Registration, [property: WireNames(typeof(UnregisterReason))] string Reason);
