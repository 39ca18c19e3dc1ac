using System.Globalization;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>Datagrams that a UDP socket of this machine had no room for.</summary>
internal static class SocketDrops
{
    /// <summary>Of all sockets with this local port.</summary>
    public static long Of(int port) => Read("/proc/net/udp", port) + Read("/proc/net/udp6", port);

    private static long Read(string file, int port)
    {
        if (!File.Exists(file))
            return 0;
        var end = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        return File.ReadLines(file).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 12 && fields[1].EndsWith(end, StringComparison.Ordinal))
            .Sum(fields => long.Parse(fields[^1], Culture.Invariant));
    }
}
