using System.Security.Cryptography;

namespace WebPhone.Assets;

/// <summary>A file of the page, out of the assembly.</summary>
internal sealed record PageFile(string Name, string ContentType, byte[] Body)
{
    private const string Prefix = "page/";

    /// <summary>Changes with each byte (RFC 9110 §8.8.3).</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Body).AsSpan(0, 16))}\"";

    /// <summary>All of them, read once.</summary>
    public static IReadOnlyDictionary<string, PageFile> Load()
    {
        var assembly = typeof(PageFile).Assembly;
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var body = new byte[stream.Length];
            stream.ReadExactly(body);
            var name = resource[Prefix.Length..].Replace('\\', '/');
            files[name] = new PageFile(name, TypeOf(name), body);
        }

        return files;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
