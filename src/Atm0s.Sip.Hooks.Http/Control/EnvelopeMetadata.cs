namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary>Marks an endpoint that answers as the original: success in its envelope, refusals as plain text.</summary>
internal sealed class EnvelopeMetadata;
