using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Facts;

/// <summary>This machine.</summary>
/// <param name="time">Measures the timer.</param>
/// <param name="root">The root of the file system; tests have one of their own.</param>
internal sealed class SystemFacts(TimeProvider time, string root = "/") : ISystemFacts
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(5);

    private const int Naps = 50;

    public IReadOnlyList<IPAddress> Addresses =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address),
    ];

    public (int First, int Last)? EphemeralPorts =>
        Read("proc/sys/net/ipv4/ip_local_port_range") is { } text
        && text.Split((char[])['\t', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is [var first, var last]
            ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
            : null;

    public int FirstUnprivilegedPort =>
        (int)(Number("proc/sys/net/ipv4/ip_unprivileged_port_start") ?? (OperatingSystem.IsLinux() ? 1024 : 0));

    public long? MaxDescriptors => Limit("Max open files");

    public long? MaxThreads => Least(Limit("Max processes"), Number("sys/fs/cgroup/pids.max"));

    public long? MaxReceiveBuffer => Number("proc/sys/net/core/rmem_max");

    public double Processors
    {
        get
        {
            // cgroup v2: quota and period in microseconds, or "max".
            var quota = Read("sys/fs/cgroup/cpu.max")?.Split(' ', StringSplitOptions.TrimEntries);
            return quota is [var part, var period] && double.TryParse(part, CultureInfo.InvariantCulture, out var used)
                && double.TryParse(period, CultureInfo.InvariantCulture, out var of) && of > 0
                ? Math.Min(Environment.ProcessorCount, used / of)
                : Environment.ProcessorCount;
        }
    }

    public bool IsContainer =>
        File.Exists(Path.Combine(root, ".dockerenv")) || File.Exists(Path.Combine(root, "run/.containerenv"))
        || Directory.Exists(Path.Combine(root, "var/run/secrets/kubernetes.io"))
        || string.Equals(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), "true", StringComparison.OrdinalIgnoreCase);

    public PortState Probe(SipTransportProtocol protocol, IPEndPoint endPoint)
    {
        try
        {
            if (protocol == SipTransportProtocol.Udp)
            {
                using var udp = new UdpClient(endPoint.AddressFamily);
                udp.Client.Bind(endPoint);
            }
            else
            {
                using var tcp = new TcpListener(endPoint);
                // Not in the way of connections of an earlier run that the system still remembers.
                tcp.ExclusiveAddressUse = false;
                tcp.Start();
            }

            return PortState.Free;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => PortState.InUse,
                SocketError.AddressNotAvailable => PortState.NotOurs,
                SocketError.AccessDenied => PortState.NotPermitted,
                _ => PortState.Impossible,
            };
        }
    }

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    public (TimeSpan Median, TimeSpan Worst) MeasureTimer()
    {
        using var never = new ManualResetEventSlim();
        var late = new List<TimeSpan>(Naps);
        for (var i = 0; i < Naps; i++)
        {
            var start = time.GetTimestamp();
            never.Wait(Nap);
            late.Add(time.GetElapsedTime(start) - Nap);
        }

        late.Sort();
        return (late[Naps / 2], late[^1]);
    }

    private static long? Least(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    // "Max open files            1024                 524288               files"
    private long? Limit(string name)
    {
        var line = Read("proc/self/limits")?.Split('\n').FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return soft == "unlimited" ? long.MaxValue : long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    private long? Number(string file) =>
        long.TryParse(Read(file), CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Read(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, file)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
