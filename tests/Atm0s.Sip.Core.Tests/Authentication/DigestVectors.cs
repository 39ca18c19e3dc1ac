using System.Text.Json;

namespace Atm0s.Sip.Core.Tests.Authentication;

internal static class DigestVectors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<DigestVector> All { get; } = JsonSerializer.Deserialize<DigestVector[]>(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "digest", "vectors.json")), Options)!;

    /// <summary>Those that we can do: MD5 and SHA-256, with qop=auth or without.</summary>
    public static IEnumerable<DigestVector> Supported() => All.Where(IsSupported);

    /// <summary>The supported ones without those that have placeholders where qop and nc belong.</summary>
    public static IEnumerable<DigestVector> Spoken() => Supported().Where(v => v.Qop is null or "auth");

    public static IEnumerable<DigestVector> Unsupported() => All.Where(v => !IsSupported(v));

    private static bool IsSupported(DigestVector vector) =>
        !vector.Algorithm.StartsWith("SHA-512", StringComparison.Ordinal) && vector.Qop != "auth-int";
}
