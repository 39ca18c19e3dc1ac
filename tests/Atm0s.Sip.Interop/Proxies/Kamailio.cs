using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>
/// kamailio as a proxy that stays in the path (RFC 3261 §16.6 step 4) and writes down every request that it takes.
/// </summary>
internal sealed class Kamailio : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly EnumerationOptions Recursive = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4 };
    private readonly TempFolder _folder;

    private Kamailio(TempFolder folder, ChildProcess process, int port) =>
        (_folder, Process, Address) = (folder, process, new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it listens, for UDP and TCP.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Where it listens for TLS, when it does.</summary>
    public IPEndPoint Tls => new(Address.Address, Address.Port + 1);

    /// <summary>
    /// Starts it and waits until it is ready. A request for a user of <paramref name="routes"/> goes to all its targets at once: a target
    /// with a user becomes the new Request-URI, one without is only the next hop, for which the Request-URI stays. <c>*</c> is every
    /// user.
    /// </summary>
    public static async Task<Kamailio> StartAsync(string name, ProxyOptions options, params (string User, string[] Targets)[] routes)
    {
        Prerequisites.Require("kamailio");
        if (options.Tls is not null && Directory.GetFiles("/usr/lib", "tls.so", Recursive).Length == 0)
            Prerequisites.Missing("kamailio-tls-modules is not installed");
        var folder = new TempFolder();
        var port = FreePorts.Take(2);
        var template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Proxies", "kamailio.cfg"));
        var number = port.ToString(CultureInfo.InvariantCulture);
        var config = template.Replace("@PORT@", number, StringComparison.Ordinal)
            .Replace("@LIFETIME@", options.ConnectionLifetime.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@RECORD@", options.HostName is { } host ? $"record_route_preset(\"{host}:{number}\")" : "record_route()",
                StringComparison.Ordinal)
            .Replace("@TLS@", options.Tls is { } tls ? TlsLines(tls, port + 1) : "", StringComparison.Ordinal)
            .Replace("@CHALLENGED@", options.Challenges ? "1 == 1" : "1 == 2", StringComparison.Ordinal)
            .Replace("@ROUTES@", string.Join('\n', routes.Select(Route)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["kamailio.cfg"], config);
        string[] arguments = ["-DD", "-E", "-m", "16", "-M", "4", "-f", folder["kamailio.cfg"], "-Y", folder.Path, "-w", folder.Path];
        var program = File.Exists("/usr/sbin/kamailio") ? "/usr/sbin/kamailio" : "kamailio"; // not in everybody's PATH
        var proxy = new Kamailio(folder, ChildProcess.Start(name, program, arguments, folder.Path), port);
        try
        {
            await proxy.Process.Errors.WaitAsync(line => line.EndsWith(": ready", StringComparison.Ordinal), "ready", StartTime);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>A URI of a user at this proxy.</summary>
    public string Uri(string user, string transport = "udp") => $"sip:{user}@{Address};transport={transport}";

    /// <summary>
    /// The requests that it has taken up to now, as they came. Its answers overtake its log, so a marker goes through it first.
    /// </summary>
    public async Task<IReadOnlyList<ProxiedRequest>> RequestsAsync()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var id = Guid.NewGuid().ToString("N");
        var marker = $"OPTIONS sip:marker@{Address} SIP/2.0\r\nVia: SIP/2.0/UDP {socket.Client.LocalEndPoint};branch=z9hG4bK{id}\r\n"
            + $"From: <sip:test@127.0.0.1>;tag={id}\r\nTo: <sip:marker@127.0.0.1>\r\nCall-ID: {id}\r\nCSeq: 1 OPTIONS\r\n"
            + "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(marker), Address);
        await Process.Errors.WaitAsync(line => line.EndsWith($": marker {id}", StringComparison.Ordinal), "the marker", StartTime);
        return [.. Process.Errors.Lines.Select(ProxiedRequest.Parse).OfType<ProxiedRequest>()];
    }

    /// <summary>How many requests of a method it has taken; what was sent again is the same one (RFC 3261 §17.1).</summary>
    public async Task<int> CountAsync(string method) =>
        (await RequestsAsync()).Where(request => request.Method == method).DistinctBy(request => request.Branch).Count();

    /// <summary>
    /// Every request inside a dialog came with this proxy in its Route (RFC 3261 §12.2.1.1), and those of <paramref name="methods"/> came.
    /// The ACK of a refusal is no request inside a dialog (§17.1.1.3).
    /// </summary>
    public async Task SawRoutedAsync(params string[] methods)
    {
        var requests = await RequestsAsync();
        var invites = requests.Where(request => request.Method == "INVITE").Select(request => request.Branch).ToHashSet();
        var inside = requests.Where(request => request.HasToTag && !(request.Method == "ACK" && invites.Contains(request.Branch))).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(inside.Select(request => request.Route).Where(route => !IsOurs(route)), Is.Empty, "by another way");
            Assert.That(inside.Select(request => request.Method), Is.SupersetOf(methods), "inside a dialog");
            Assert.That(Process.Errors.Lines, Has.None.Contains(": lost method="));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }

    private bool IsOurs(string route) =>
        route.Contains($":{Address.Port};", StringComparison.Ordinal) || route.Contains($":{Tls.Port};", StringComparison.Ordinal);

    // Whoever shows no certificate is let in; whom it calls must have one of these roots.
    private static string TlsLines((string Certificate, string Key, string Roots) tls, int port) => $"""
        enable_tls=yes
        listen=tls:127.0.0.1:{port}
        loadmodule "tls.so"
        modparam("tls", "tls_method", "TLSv1.2+")
        modparam("tls", "certificate", "{tls.Certificate}")
        modparam("tls", "private_key", "{tls.Key}")
        modparam("tls", "ca_list", "{tls.Roots}")
        modparam("tls", "verify_certificate", 1)
        modparam("tls", "require_certificate", 0)
        """;

    private static string Route((string User, string[] Targets) route)
    {
        var condition = route.User == "*" ? "1 == 1" : $"$rU == \"{route.User}\" && uri == myself";
        var variable = route.Targets[0].Contains('@', StringComparison.Ordinal) ? "$ru" : "$du";
        var others = string.Concat(route.Targets.Skip(1).Select(target => $" append_branch(\"{target}\");"));
        return $"    if ({condition}) {{ {variable} = \"{route.Targets[0]}\";{others} t_relay(); exit; }}";
    }
}
