using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>Programs that are not ours.</summary>
internal static class Prerequisites
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["baresip"] = "baresip-core",
        ["linphonec"] = "linphone-cli",
        ["sipp"] = "sip-tester",
        ["ffmpeg"] = "ffmpeg",
        ["kamailio"] = "kamailio",
        ["tshark"] = "tshark",
        ["opusinfo"] = "opus-tools",
    };

    /// <summary>Skips the test where a program is missing; with CI=true it fails, lest a green run test nothing.</summary>
    public static void Require(string program)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin"; // where daemons are
        if (path.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))))
            return;
        Missing($"{program} is not installed: apt-get install {Packages[program]}");
    }

    /// <summary>Skips the test where the machine has no IPv6 loopback.</summary>
    public static void RequireIPv6()
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException)
        {
            Assert.Ignore("This machine has no ::1.");
        }
    }

    /// <summary>Something that a test needs is not here: that fails where tests must not be left out.</summary>
    public static void Missing(string message)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail(message);
        Assert.Ignore(message);
    }
}
