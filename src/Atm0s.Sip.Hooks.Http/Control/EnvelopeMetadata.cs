namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary>Marks an endpoint that answers in the original's envelope, its refusals too.</summary>
internal sealed class EnvelopeMetadata;
