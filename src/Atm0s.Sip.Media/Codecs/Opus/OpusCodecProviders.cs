namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Chooses among Opus implementations.</summary>
public static class OpusCodecProviders
{
    /// <summary>Takes the first provider that loads.</summary>
    /// <param name="providers">In order of preference; a host that has picked one passes only that.</param>
    /// <returns>The provider, or none, and a sentence for the start-up log that says what was tried.</returns>
    public static OpusProviderChoice FirstAvailable(params IEnumerable<IOpusCodecProvider> providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        var refused = new List<string>();
        foreach (var provider in providers)
        {
            if (provider.IsAvailable)
            {
                var before = refused.Count == 0 ? "" : $" Not taken: {string.Join(' ', refused)}";
                return new OpusProviderChoice(provider, $"Opus by {provider.Status}{before}");
            }

            refused.Add($"{provider.Name}: {provider.Status}");
        }

        return new OpusProviderChoice(null, refused.Count == 0
            ? "Opus is not offered: no provider is registered."
            : $"Opus is not offered: {string.Join(' ', refused)}");
    }
}
