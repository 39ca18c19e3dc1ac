using System.Net;

namespace Atm0s.Sip.Testing;

/// <summary>
/// The names of a virtual world and where they lead. One is there from the start: <c>media.example.com</c> (RFC 2606 §3), at 10.0.99.1.
/// </summary>
public sealed class VirtualHosts : IHostResolver
{
    private readonly Dictionary<string, IReadOnlyList<IPAddress>> _hosts = new()
    {
        ["media.example.com"] = [IPAddress.Parse("10.0.99.1")],
    };

    /// <summary>Names that were looked up, oldest first.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What a lookup waits for. Default nothing.</summary>
    public Func<CancellationToken, Task> Wait { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Makes a host known.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="addresses">Its addresses.</param>
    public void Add(string host, params string[] addresses) => _hosts[host] = [.. addresses.Select(IPAddress.Parse)];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Add(host);
        await Wait(cancellationToken);
        return _hosts.TryGetValue(host, out var addresses) ? addresses : throw new InvalidOperationException("No such host is known.");
    }
}
