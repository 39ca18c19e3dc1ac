using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;

namespace Atm0s.Sip.Registrar;

/// <summary>All bindings, in memory: by user, by session and by connection. Each operation takes a short lock and calls nobody.</summary>
internal sealed class BindingStore(LiveSources live)
{
    private readonly Lock _lock = new();
    // Of each user, oldest first. A refresh changes an element; what comes or goes makes a new array.
    private readonly Dictionary<string, Binding[]> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Binding> _bySession = new(StringComparer.Ordinal);
    private readonly Dictionary<SipFlow, Binding> _byConnection = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _bySession.Count;
        }
    }

    /// <summary>The bindings of a user, oldest first.</summary>
    public ReadOnlySpan<Binding> OfUser(string username)
    {
        lock (_lock)
            return _byUser.GetValueOrDefault(username);
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

    /// <summary>Carries out what a REGISTER does to the bindings of its user.</summary>
    /// <param name="update">Works it out, and knows afterwards what has changed.</param>
    /// <param name="context">The REGISTER.</param>
    public RegisterResult Apply(BindingUpdate update, ref RegisterContext context)
    {
        lock (_lock)
        {
            var current = _byUser.GetValueOrDefault(context.Username) ?? [];
            if (context.Wishes.Contacts > 0 && current.Length == 0 && _bySession.Count >= context.Registrar.Options.MaxRegistrations)
                return RegisterResult.Full;
            if (!update.TryCompute(current, ref context))
                return RegisterResult.OutOfOrder;
            // What is new first: a connection that both depend on is held all the time.
            foreach (var binding in update.Bound)
                Index(binding);
            foreach (var old in update.Gone)
                Unindex(old);
            Store(context.Username, current, update.Next);
            return RegisterResult.Done;
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
            var all = _byUser[username];
            if (all.Length == 1)
                _byUser.Remove(username);
            else
                _byUser[username] = Array.FindAll(all, b => !ReferenceEquals(b, binding));
            Unindex(binding);
            return true;
        }
    }

    public IReadOnlyList<Binding> OfConnection(SipFlow flow)
    {
        lock (_lock)
        {
            if (!_byConnection.TryGetValue(flow, out var binding))
                return [];
            var all = new List<Binding>();
            for (var one = binding; one is not null; one = one.NextOfConnection)
                all.Add(one);
            return all;
        }
    }

    private void Store(string username, Binding[] current, ReadOnlySpan<Binding> next)
    {
        if (next.IsEmpty)
            _byUser.Remove(username);
        else if (next.Length == current.Length)
            next.CopyTo(current);
        else
            _byUser[username] = next.ToArray();
    }

    private void Index(Binding binding)
    {
        _bySession[binding.SessionId] = binding;
        binding.Flow.Hold();
        live.Add(binding.Flow.RemoteEndPoint.Address);
        if (!binding.Flow.IsReliable)
            return;
        if (_byConnection.TryGetValue(binding.Flow, out var first))
        {
            binding.NextOfConnection = first;
            first.PreviousOfConnection = binding;
        }

        _byConnection[binding.Flow] = binding;
    }

    // A binding that took its place may have the same session already.
    private void Unindex(Binding binding)
    {
        if (_bySession.TryGetValue(binding.SessionId, out var current) && ReferenceEquals(current, binding))
            _bySession.Remove(binding.SessionId);
        binding.Flow.Release();
        live.Remove(binding.Flow.RemoteEndPoint.Address);
        if (!binding.Flow.IsReliable)
            return;
        var (previous, next) = (binding.PreviousOfConnection, binding.NextOfConnection);
        if (next is not null)
            next.PreviousOfConnection = previous;
        if (previous is not null)
            previous.NextOfConnection = next;
        else if (next is not null)
            _byConnection[binding.Flow] = next;
        else
            _byConnection.Remove(binding.Flow);
        binding.PreviousOfConnection = binding.NextOfConnection = null;
    }
}
