using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;

namespace Atm0s.Sip.Registrar;

/// <summary>All bindings, in memory: by user, by session and by connection. Each operation takes a short lock and calls nobody.</summary>
internal sealed class BindingStore(LiveSources live)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableList<Binding>> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Binding> _bySession = new(StringComparer.Ordinal);
    private readonly Dictionary<SipFlow, ImmutableHashSet<string>> _byConnection = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _bySession.Count;
        }
    }

    public ImmutableList<Binding> OfUser(string username)
    {
        lock (_lock)
            return _byUser.GetValueOrDefault(username, []);
    }

    public IReadOnlyList<Binding> All()
    {
        lock (_lock)
            return [.. _bySession.Values];
    }

    public bool TryGetSession(string sessionId, [NotNullWhen(true)] out Binding? binding)
    {
        lock (_lock)
            return _bySession.TryGetValue(sessionId, out binding);
    }

    /// <summary>Replaces the bindings of a user if they are still those in <paramref name="expected"/>.</summary>
    public bool TryReplace(string username, ImmutableList<Binding> expected, ImmutableList<Binding> next)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_byUser.GetValueOrDefault(username, []), expected))
                return false;
            foreach (var old in expected)
                Unindex(old);
            foreach (var binding in next)
                Index(binding);
            if (next.IsEmpty)
                _byUser.Remove(username);
            else
                _byUser[username] = next;
            return true;
        }
    }

    /// <summary>Removes exactly this binding; false when it was refreshed or removed meanwhile.</summary>
    public bool TryRemove(Binding binding)
    {
        lock (_lock)
        {
            if (!_bySession.TryGetValue(binding.SessionId, out var current) || !ReferenceEquals(current, binding))
                return false;
            var username = binding.Info.Username;
            var rest = _byUser[username].Remove(binding);
            if (rest.IsEmpty)
                _byUser.Remove(username);
            else
                _byUser[username] = rest;
            Unindex(binding);
            return true;
        }
    }

    public IReadOnlyList<Binding> OfConnection(SipFlow flow)
    {
        lock (_lock)
            return _byConnection.TryGetValue(flow, out var sessions) ? [.. sessions.Select(s => _bySession[s])] : [];
    }

    private void Index(Binding binding)
    {
        _bySession[binding.SessionId] = binding;
        binding.Flow.Hold();
        live.Add(binding.Flow.RemoteEndPoint.Address);
        if (binding.Flow.IsReliable)
            _byConnection[binding.Flow] = _byConnection.GetValueOrDefault(binding.Flow, []).Add(binding.SessionId);
    }

    private void Unindex(Binding binding)
    {
        _bySession.Remove(binding.SessionId);
        binding.Flow.Release();
        live.Remove(binding.Flow.RemoteEndPoint.Address);
        if (!_byConnection.TryGetValue(binding.Flow, out var sessions))
            return;
        sessions = sessions.Remove(binding.SessionId);
        if (sessions.IsEmpty)
            _byConnection.Remove(binding.Flow);
        else
            _byConnection[binding.Flow] = sessions;
    }
}
