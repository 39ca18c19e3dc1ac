using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Trunks;

/// <summary>The trunks of a server, by name. Any thread.</summary>
internal sealed class TrunkDirectory(SipStack stack, HostNames hosts, ILogger logger, Action<TrunkInfo> onChanged, SipServerMetrics? metrics = null)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Trunk> _trunks = new(StringComparer.Ordinal);
    private volatile Trunk[] _all = [];     // the same, for who must not allocate
    private readonly Lock _changes = new();

    public IReadOnlyList<TrunkInfo> List() => [.. _trunks.Values.Select(t => t.Info).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Adds a trunk and lets it register.</summary>
    /// <exception cref="ArgumentException">It can't work, or there is one of that name.</exception>
    public Trunk Add(TrunkOptions options)
    {
        if (SipServerOptionsValidator.TrunkProblem(options, stack.Spoken) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        var trunk = new Trunk(options, stack, hosts, logger, metrics, onChanged);
        lock (_changes)
        {
            if (!_trunks.TryAdd(options.Name, trunk))
                throw new ArgumentException($"There is a trunk named \"{options.Name}\" already.", nameof(options));
            _all = [.. _trunks.Values];
        }

        trunk.Start();
        return trunk;
    }

    /// <summary>Takes a trunk out; false when there is none of that name.</summary>
    public async Task<bool> RemoveAsync(string name)
    {
        Trunk? trunk;
        lock (_changes)
        {
            if (!_trunks.TryRemove(name, out trunk))
                return false;
            _all = [.. _trunks.Values];
        }

        await trunk.StopAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Changes a trunk. What its registration does not depend on changes in it; else another takes its place at once, which registers when
    /// the old one's registration is taken back: the other way round the last word would be that nobody is there.
    /// </summary>
    /// <param name="options">What it is to be.</param>
    /// <returns>False when there is none of that name.</returns>
    public bool TryChange(TrunkOptions options)
    {
        Trunk? old;
        Trunk trunk;
        lock (_changes)
        {
            if (!_trunks.TryGetValue(options.Name, out old))
                return false;
            if (old.TryChange(options))
                return true;
            trunk = new Trunk(options, stack, hosts, logger, metrics, onChanged);
            trunk.TakeAddressesOf(old);
            _trunks[options.Name] = trunk;
            _all = [.. _trunks.Values];
        }

        _ = StartAfterAsync(trunk, old.StopAsync());
        return true;
    }

    /// <summary>Makes several changes as one: nobody else adds or removes a trunk meanwhile.</summary>
    public void ChangeTogether(Action changes)
    {
        lock (_changes)
            changes();
    }

    /// <summary>A connection is gone: the trunk that was registered over it registers anew.</summary>
    public void OnFlowClosed(SipFlow flow)
    {
        if (!flow.IsReliable)
            return;
        foreach (var (_, trunk) in _trunks)
            trunk.OnFlowClosed(flow);
    }

    private async Task StartAfterAsync(Trunk trunk, Task stopped)
    {
        // A server that does not answer is not waited for.
        await Task.WhenAny(stopped, Task.Delay(StopLimit, stack.Clock.TimeProvider)).ConfigureAwait(true);
        trunk.Start();
    }

    public Task RemoveAllAsync() => Task.WhenAll(_trunks.Keys.Select(RemoveAsync));

    public bool TryGet(string name, [NotNullWhen(true)] out Trunk? trunk) => _trunks.TryGetValue(name, out trunk);

    /// <summary>Whether an address belongs to any trunk. Allocates nothing.</summary>
    public bool IsOfAny(IPAddress address)
    {
        foreach (var trunk in _all)
        {
            if (trunk.IsSource(address))
                return true;
        }

        return false;
    }

    /// <summary>Whether what comes over a way comes from any trunk. Allocates nothing.</summary>
    public bool IsOfAny(SipFlow flow)
    {
        foreach (var trunk in _all)
        {
            if (trunk.IsSource(flow))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The trunk that a request comes from, or null. Where several accounts are at one server, the one that is called (RFC 3261 §10.2: the
    /// Request-URI is the contact we registered); else the first by name. Of an address of none it allocates nothing.
    /// </summary>
    /// <param name="flow">The way it comes.</param>
    /// <param name="requestUri">Its Request-URI; empty for none.</param>
    public Trunk? FindBySource(SipFlow flow, ReadOnlySpan<byte> requestUri)
    {
        Trunk? found = null;
        string? called = null;
        foreach (var trunk in _all)
        {
            if (!trunk.IsSource(flow))
            {
                if (trunk.IsFirstInTheClear(flow))
                    ServerLog.TrunkInTheClear(logger, trunk.Options.Name, flow.ToString());
                continue;
            }

            called ??= SipNumbers.Of(requestUri);
            if (trunk.User.Length > 0 && string.Equals(trunk.User, called, StringComparison.Ordinal))
                return trunk;
            if (found is null || string.CompareOrdinal(trunk.Options.Name, found.Options.Name) < 0)
                found = trunk;
        }

        return found;
    }
}
