using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Tests;

/// <summary>The files under tests/data.</summary>
internal static class TestData
{
    public static byte[] Read(params ReadOnlySpan<string> path) =>
        File.ReadAllBytes(Path.Combine([TestContext.CurrentContext.TestDirectory, "data", .. path]));

    /// <summary>16-bit little-endian samples.</summary>
    public static short[] ReadPcm(params ReadOnlySpan<string> path) => MemoryMarshal.Cast<byte, short>(Read(path)).ToArray();
}
