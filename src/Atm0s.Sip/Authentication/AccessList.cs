using System.Net;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Authentication;

/// <summary>The IP rules. Any thread.</summary>
internal sealed class AccessList(AccessOptions options)
{
    private volatile (NetworkSet Network, AccessAction Action)[] _rules = Read(options);

    /// <summary>The rules have changed.</summary>
    public void Renew() => _rules = Read(options);

    /// <summary>What the first fitting rule says, or null when none fits.</summary>
    public AccessAction? Find(IPAddress source)
    {
        foreach (var (network, action) in _rules)
        {
            if (network.Contains(source))
                return action;
        }

        return null;
    }

    private static (NetworkSet Network, AccessAction Action)[] Read(AccessOptions options) =>
        [.. options.Rules.Select(r => (new NetworkSet(r.Network), r.Action))];
}
