using System.Reflection;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>Files of tests/data.</summary>
internal static class TestData
{
    private static readonly string Root =
        typeof(TestData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "TestData").Value!;

    /// <summary>The path of a file or folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
