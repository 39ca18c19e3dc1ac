using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>How many calls at one time come from each user, each trunk and each trusted address. Any thread.</summary>
internal sealed class CallQuotas(CallOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(bool IsTrunk, string Name), int> _byName = [];
    private readonly SourceLimiter _bySource = new(int.MaxValue, options.MaxCallsPerTrustedSource ?? int.MaxValue);

    /// <summary>Users and trunks that have calls now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _byName.Count;
        }
    }

    /// <summary>The limits have changed; those of users and trunks are asked for each time.</summary>
    public void Renew() => _bySource.SetLimits(int.MaxValue, options.MaxCallsPerTrustedSource ?? int.MaxValue);

    /// <summary>A place of a user who has shown his password, or null when he has as many as he may.</summary>
    public CallQuota? TryEnterUser(string name) => TryEnter((false, name), options.MaxCallsPerUser);

    /// <summary>A place of a trunk, or null when it has as many as it may.</summary>
    public CallQuota? TryEnterTrunk(string name, int? max) => TryEnter((true, name), max ?? int.MaxValue);

    /// <summary>A place of a trusted address, or null when it has as many as it may.</summary>
    public CallQuota? TryEnterSource(IPAddress source) =>
        _bySource.TryEnter(source) ? new CallQuota(() => _bySource.Leave(source)) : null;

    private CallQuota? TryEnter((bool IsTrunk, string Name) key, int max)
    {
        lock (_lock)
        {
            var count = _byName.GetValueOrDefault(key);
            if (count >= max)
                return null;
            _byName[key] = count + 1;
            return new CallQuota(() => Leave(key));
        }
    }

    private void Leave((bool IsTrunk, string Name) key)
    {
        lock (_lock)
        {
            if (_byName[key] == 1)
                _byName.Remove(key);
            else
                _byName[key]--;
        }
    }
}
