using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Atm0s.Sip.Server;

/// <summary>
/// Loads the assemblies that ours refer to before a stranger can reach the server. The runtime opens the file of an assembly when it first needs
/// it, and one that it could not open it never looks for again: a server that ran out of descriptors before its first call would refuse
/// every call from then on.
/// </summary>
internal static class LoadedCode
{
    private const string Ours = "Atm0s.Sip";

    private static int _isLoaded;

    /// <summary>Once in a process. Nothing to do where all code is in one file (native AOT).</summary>
    public static void Ensure()
    {
        if (RuntimeFeature.IsDynamicCodeSupported && Interlocked.Exchange(ref _isLoaded, 1) == 0)
            Load(AppDomain.CurrentDomain.GetAssemblies().Where(IsOurs));
    }

    // A host's own assemblies are its affair; those of ours that it uses are loaded by now, since their methods have added them.
    private static bool IsOurs(Assembly assembly) =>
        assembly.GetName().Name is { } name && name.StartsWith(Ours, StringComparison.Ordinal);

    // What those refer to in turn is not loaded here: each file that is loaded keeps a descriptor.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "What was trimmed away is not needed.")]
    private static void Load(IEnumerable<Assembly> roots)
    {
        foreach (var reference in roots.SelectMany(static assembly => assembly.GetReferencedAssemblies()).DistinctBy(r => r.FullName))
            TryLoad(reference);
    }

    private static void TryLoad(AssemblyName reference)
    {
        try
        {
            Assembly.Load(reference);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // Not delivered, so nothing of it is used.
        }
    }
}
