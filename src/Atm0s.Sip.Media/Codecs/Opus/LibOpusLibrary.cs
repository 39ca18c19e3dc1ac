using System.Reflection;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>Finds libopus. Immutable once made; the process has one, made at the first use of Opus.</summary>
internal sealed class LibOpusLibrary
{
    /// <summary>Names a file to load before the usual names, or <see cref="NoLibrary"/>.</summary>
    public const string PathVariable = "ATM0S_OPUS_LIB";

    /// <summary>Value of <see cref="PathVariable"/> that keeps every libopus out.</summary>
    public const string NoLibrary = "none";

    // The calls made at the least age of libopus that serves: 1.1.
    private static readonly string[] Exports =
    [
        "opus_get_version_string", "opus_encoder_create", "opus_encoder_destroy", "opus_encode", "opus_encoder_ctl",
        "opus_decoder_create", "opus_decoder_destroy", "opus_decode", "opus_decoder_ctl",
    ];

    private LibOpusLibrary(nint handle, string? version, string status)
    {
        Handle = handle;
        Version = version;
        Status = status;
    }

    /// <summary>The library of this process.</summary>
    public static LibOpusLibrary Loaded { get; } = Load();

    public nint Handle { get; }

    public string? Version { get; }

    public string Status { get; }

    /// <summary>File names in the order they are tried.</summary>
    /// <param name="path">Value of <see cref="PathVariable"/>.</param>
    public static IReadOnlyList<string> Candidates(string? path)
    {
        if (string.Equals(path, NoLibrary, StringComparison.OrdinalIgnoreCase))
            return [];
        // .so.0 first: run-time packages ship no unversioned link.
        string[] names = OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
            : OperatingSystem.IsMacOS()
                ? ["libopus.dylib", "libopus.0.dylib", "/opt/homebrew/lib/libopus.dylib", "/usr/local/lib/libopus.dylib"]
                : ["libopus.so.0", "libopus.so"];
        return string.IsNullOrEmpty(path) ? names : [path, .. names];
    }

    /// <summary>Loads the first candidate that is a libopus.</summary>
    public static LibOpusLibrary Load(IReadOnlyList<string> candidates)
    {
        if (candidates.Count == 0)
            return new LibOpusLibrary(0, null, $"kept out by {PathVariable}={NoLibrary}.");
        var notOpus = new List<string>();
        foreach (var name in candidates)
        {
            if (!NativeLibrary.TryLoad(name, typeof(LibOpusLibrary).Assembly, null, out var handle))
                continue;
            if (Array.TrueForAll(Exports, export => NativeLibrary.TryGetExport(handle, export, out _)))
            {
                var version = ReadVersion(handle);
                return new LibOpusLibrary(handle, version, $"{version} from {name}.");
            }

            notOpus.Add(name);
            NativeLibrary.Free(handle);
        }

        var status = $"no libopus found, tried {string.Join(", ", candidates)}";
        return new LibOpusLibrary(
            0, null, notOpus.Count == 0 ? $"{status}." : $"{status} ({string.Join(", ", notOpus)} is not a libopus).");
    }

    private static LibOpusLibrary Load()
    {
        var library = Load(Candidates(Environment.GetEnvironmentVariable(PathVariable)));
        NativeLibrary.SetDllImportResolver(typeof(LibOpusLibrary).Assembly, Resolve);
        return library;

        // 0 = the usual probing, for every other library.
        nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == LibOpus.Library ? library.Handle : 0;
    }

    private static unsafe string ReadVersion(nint handle)
    {
        var version = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(handle, "opus_get_version_string");
        return Marshal.PtrToStringUTF8((nint)version()) ?? "libopus";
    }
}
