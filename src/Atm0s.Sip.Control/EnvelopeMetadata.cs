namespace Atm0s.Sip.Control;

/// <summary>Marks an endpoint that answers as the original: success in its envelope, refusals as plain text.</summary>
internal sealed class EnvelopeMetadata;
