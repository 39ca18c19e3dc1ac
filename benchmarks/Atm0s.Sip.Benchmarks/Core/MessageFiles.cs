namespace Atm0s.Sip.Benchmarks.Core;

/// <summary>The messages of tests/data/messages.</summary>
internal static class MessageFiles
{
    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", file));
}
