using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>Which counters of the libraries tell of something that somebody should see.</summary>
internal static class RefusalNames
{
    private const string Prefix = "Atm0s.Sip";
    private const string Registrations = "atm0s.sip.registrations";
    private const string Authentications = "atm0s.sip.authentications";

    private static readonly string[] Words =
        ["limits", "refused", "dropped", "unsent", "failed", "evicted", "lost", "late", "skipped", "stuck", "demoted", "pauses", "errors"];

    /// <summary>Whether an instrument counts refusals, drops or lateness.</summary>
    public static bool IsWanted(Instrument instrument) =>
        instrument.Meter.Name.StartsWith(Prefix, StringComparison.Ordinal)
        && instrument is Counter<long> or Counter<int> or ObservableCounter<long> or ObservableCounter<int>
        && (Array.Exists(Words, word => instrument.Name.Contains(word, StringComparison.Ordinal))
            || instrument.Name is Registrations or Authentications);

    /// <summary>Whether it counts media that came late.</summary>
    public static bool IsLateness(Instrument instrument) => instrument.Name.StartsWith("atm0s.sip.media.ticks", StringComparison.Ordinal);

    /// <summary>Whether a measurement tells of a refusal; of some counters only some do.</summary>
    /// <param name="name">Name of the counter.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="which">The case: the value of its last tag; null without tags.</param>
    public static bool IsRefusal(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags, out object? which)
    {
        which = tags.IsEmpty ? null : tags[^1].Value;
        return name switch
        {
            // Every phone is challenged once.
            Registrations => which is int and >= 400 and not 401 and not 407,
            Authentications => which is string verdict && verdict is not ("Accepted" or "Stale" or "ForeignNonce"),
            _ => true,
        };
    }
}
