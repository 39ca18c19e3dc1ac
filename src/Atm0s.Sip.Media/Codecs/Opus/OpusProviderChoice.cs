namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Outcome of <see cref="OpusCodecProviders.FirstAvailable"/>.</summary>
/// <param name="Provider">The provider taken, or null: then Opus is not offered.</param>
/// <param name="Explanation">What was tried, in a sentence.</param>
public sealed record OpusProviderChoice(IOpusCodecProvider? Provider, string Explanation);
