using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Ways;

/// <summary>
/// Addresses of hosts that descriptions name. Looked up off the shard, for 2 s at most and few at a time, for the names come from
/// strangers; remembered for a little while. Any thread.
/// </summary>
internal sealed class HostNames(IHostResolver resolver, SipScheduler scheduler, TimeProvider time, ILogger logger)
{
    private const int MaxLookups = 32;
    private const int Capacity = 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Answer> _known = new(StringComparer.OrdinalIgnoreCase);
    private int _lookups;

    /// <summary>Finds the address of a host.</summary>
    /// <param name="shard">Where <paramref name="done"/> runs.</param>
    /// <param name="host">Its name, and the family that is preferred.</param>
    /// <param name="done">
    /// Gets the address, null when there is none: at once when it is known, else later, unless the lookup is disposed of first.
    /// </param>
    /// <returns>Dispose to wait no longer; null when it was known.</returns>
    public IDisposable? Find(SipShard shard, DnsEndPoint host, Action<IPAddress?> done)
    {
        if (_known.TryGetValue(host.Host, out var known) && time.GetElapsedTime(known.At) < known.FreshFor)
        {
            done(Choose(known.Addresses, host));
            return null;
        }

        var lookup = new HostLookup(this, shard, host, done);
        scheduler.Schedule(lookup);
        return lookup;
    }

    /// <summary>All addresses of a host that is called, best first; empty when it is not known within 10 s.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> FindAllAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        try
        {
            using var limit = new CancellationTokenSource(CallLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return await resolver.ResolveAsync(host, both.Token).AsTask().WaitAsync(both.Token).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // Whatever the resolver throws means that the host is not found.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            ServerLog.HostNotFound(logger, host, failure.Message);
            return [];
        }
    }

    /// <summary>Nobody waits for an answer any more. What the resolver does about it is its code: not on the shard.</summary>
    internal void Abandon(CancellationTokenSource question, DnsEndPoint host) =>
        scheduler.Schedule(new HookCancel(question, failure => ServerLog.HostNotFound(logger, host.Host, failure.Message)));

    /// <summary>Asks the resolver. Never fails.</summary>
    internal async Task<IPAddress?> AskAsync(DnsEndPoint host, CancellationToken abandoned)
    {
        IReadOnlyList<IPAddress> addresses = [];
        try
        {
            if (Interlocked.Increment(ref _lookups) > MaxLookups)
                return null;
            using var limit = new CancellationTokenSource(Limit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abandoned);
            // WaitAsync: a resolver that ignores its token must not hold the call.
            addresses = await resolver.ResolveAsync(host.Host, both.Token).AsTask().WaitAsync(both.Token).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // Whatever the resolver throws means that the host is not found.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (abandoned.IsCancellationRequested)
                return null;
            ServerLog.HostNotFound(logger, host.Host, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _lookups);
        }

        // Forgetting everything now and then keeps a flood of names from growing it.
        if (_known.Count >= Capacity)
            _known.Clear();
        _known[host.Host] = new Answer(addresses, time.GetTimestamp());
        return Choose(addresses, host);
    }

    private static IPAddress? Choose(IReadOnlyList<IPAddress> addresses, DnsEndPoint host) =>
        addresses.FirstOrDefault(a => a.AddressFamily == host.AddressFamily) ?? (addresses.Count > 0 ? addresses[0] : null);

    private readonly record struct Answer(IReadOnlyList<IPAddress> Addresses, long At)
    {
        public TimeSpan FreshFor => Addresses.Count > 0 ? Fresh : FreshFailure;
    }
}
