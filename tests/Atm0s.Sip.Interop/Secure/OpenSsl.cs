using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Secure;

/// <summary>openssl s_client: what a server agrees to.</summary>
internal static partial class OpenSsl
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Makes a handshake; what it printed.</summary>
    /// <param name="server">Where.</param>
    /// <param name="options">For example <c>-tls1_2</c>.</param>
    public static async Task<string> HandshakeAsync(IPEndPoint server, params string[] options)
    {
        Prerequisites.Require("openssl");
        await using var process = ChildProcess.Start("openssl", "openssl", ["s_client", "-connect", $"{server}", .. options]);
        process.Input.Close();
        await process.WaitForExitAsync(Limit);
        return $"{process.Output}\n{process.Errors}";
    }

    /// <summary>The cipher that was agreed on, and the version; null when there was no handshake.</summary>
    public static async Task<string?> AgreedAsync(IPEndPoint server, params string[] options)
    {
        var match = Agreed().Match(await HandshakeAsync(server, options));
        return match.Success && match.Groups["cipher"].Value != "(NONE)"
            ? $"{match.Groups["version"].Value} {match.Groups["cipher"].Value}" : null;
    }

    /// <summary>What tells one certificate of a server from the next.</summary>
    public static async Task<string> ThumbprintAsync(IPEndPoint server)
    {
        var text = await HandshakeAsync(server, "-servername", "localhost");
        var begin = text.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal);
        var end = text.IndexOf("-----END CERTIFICATE", StringComparison.Ordinal);
        Assert.That(begin > 0 && end > begin, Is.True, text);
        return text[begin..end];
    }

    [GeneratedRegex(@"New, (?<version>[^,]+), Cipher is (?<cipher>\S+)")]
    private static partial Regex Agreed();
}
