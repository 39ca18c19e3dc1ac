using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Health;

/// <summary>What one look at a part of the server has shown.</summary>
/// <param name="Status">How it is.</param>
/// <param name="Description">A sentence.</param>
/// <param name="Data">The figures behind it.</param>
internal sealed record HealthReading(HealthStatus Status, string Description, IReadOnlyDictionary<string, object> Data);
