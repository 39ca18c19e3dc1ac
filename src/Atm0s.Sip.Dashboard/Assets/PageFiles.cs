using System.Text;
using System.Text.Encodings.Web;

namespace Atm0s.Sip.Dashboard.Assets;

/// <summary>The files of the page, out of the assembly.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";

    /// <summary>All of them, read once.</summary>
    /// <param name="options">Its title is written into the page.</param>
    public static IReadOnlyList<PageFile> Load(SipDashboardOptions options)
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new List<PageFile>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var body = new byte[stream.Length];
            stream.ReadExactly(body);
            var name = resource[Prefix.Length..].Replace('\\', '/');
            files.Add(new PageFile(name, TypeOf(name), name == "index.html" ? Filled(body, options) : body));
        }

        return files;
    }

    private static byte[] Filled(byte[] body, SipDashboardOptions options) => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(body)
            .Replace("{{title}}", HtmlEncoder.Default.Encode(options.Title), StringComparison.Ordinal)
            .Replace("{{commands}}", options.AllowCommands ? "yes" : "no", StringComparison.Ordinal));

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
